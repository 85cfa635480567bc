using GauRuntime.Encoder;
using GauRuntime.Kernels;

namespace GauRuntime.Search;

/// <summary>
/// The int8 forms of many directions: a byte a number, and of each row its scale and the norm of what rounding cost.
/// </summary>
/// <param name="dimensions">Numbers of a vector.</param>
/// <param name="capacity">The most rows; memory is taken where rows are written.</param>
internal sealed unsafe class QuantizedRows(int dimensions, int capacity) : IDisposable
{
    private readonly NativeBuffer<sbyte> values = NativeBuffer<sbyte>.Of((long)dimensions * capacity + Int8Dots.Slack);
    private readonly NativeBuffer<float> scales = NativeBuffer<float>.Of(capacity);
    private readonly NativeBuffer<float> errors = NativeBuffer<float>.Of(capacity);

    /// <summary>Bytes of all of it.</summary>
    public long Bytes => values.Bytes + scales.Bytes + errors.Bytes;

    /// <summary>The scale of each.</summary>
    public float* Scales => scales.Address;

    /// <summary>At least the norm of direction less int8 form, of each.</summary>
    public float* Errors => errors.Address;

    /// <summary>The integers of a row.</summary>
    public sbyte* Values(int row) => values.Address + (long)row * dimensions;

    /// <summary>Sets a row. Rows may be set by several threads at once.</summary>
    /// <param name="row">Which.</param>
    /// <param name="x">A vector.</param>
    /// <param name="length">Its length.</param>
    public void Set(int row, ReadOnlySpan<float> x, double length) =>
        Set(row, QuantizedRow.Of(x, length, new Span<sbyte>(Values(row), dimensions)));

    /// <summary>Takes some rows as they are stored.</summary>
    /// <param name="vectors">Vectors of int8.</param>
    /// <param name="first">The first of them, here and there.</param>
    /// <param name="count">How many.</param>
    /// <returns>The first of them that has no direction, or −1.</returns>
    public int Load(EmbeddingVectors vectors, int first, int count)
    {
        vectors.CopyTo(first, new Span<sbyte>(Values(first), count * dimensions));
        for (int row = first; row < first + count; row++)
        {
            QuantizedRow form = QuantizedRow.Of(new ReadOnlySpan<sbyte>(Values(row), dimensions), out bool isZero);
            if (isZero)
                return row;
            Set(row, form);
        }
        return -1;
    }

    public void Dispose()
    {
        values.Dispose();
        scales.Dispose();
        errors.Dispose();
    }

    private void Set(int row, QuantizedRow form) => (Scales[row], Errors[row]) = (form.Scale, form.Error);
}
