using System.Numerics.Tensors;
using GauRuntime.Encoder;
using GauRuntime.Kernels;

namespace GauRuntime.Search;

/// <summary>
/// A few vectors as what the first pass multiplies with: 16-bit forms t p of their directions v (|v| = 1), and the
/// vectors themselves for the second.
/// </summary>
/// <remarks>
/// With I = Σ p q, an integer, every cosine is within Error of I · t · s, where the error is that of
/// u · v − s q · t p = (u − s q) · v + s q · (v − t p): at most e + (1 + e) f with the bounds e and f of the two
/// roundings, and a margin for the rounding of the bounds themselves and of the score that they are compared with.
/// </remarks>
internal sealed unsafe class QueryRows : IDisposable
{
    /// <summary>
    /// More than all roundings of a bound and of a score: a bound is a dozen operations on floats below 8, each within
    /// 2⁻²², and the score is within 2⁻²⁴.
    /// </summary>
    public const float Margin = 1f / (1 << 18);

    private const int LongestSum = 1 << 24;   // |p| |q| ≤ √n p_max · 128 √n must be below 2³¹

    private readonly NativeBuffer<short> quantized;
    private readonly NativeBuffer<float> vectors;
    private readonly int dimensions;
    private readonly int most;

    /// <summary>Makes room.</summary>
    /// <param name="dimensions">Numbers of a vector.</param>
    /// <param name="capacity">The most vectors at once.</param>
    public QueryRows(int dimensions, int capacity)
    {
        this.dimensions = dimensions;
        Stride = (dimensions + Int8Dots.Step - 1) / Int8Dots.Step * Int8Dots.Step;
        most = Math.Min(short.MaxValue, LongestSum / dimensions - 1);
        quantized = NativeBuffer<short>.Of((long)Stride * capacity);
        vectors = NativeBuffer<float>.Of((long)dimensions * capacity);
        (Scales, Errors, Lengths) = (new float[capacity], new float[capacity], new double[capacity]);
    }

    /// <summary>How many are there.</summary>
    public int Count { get; private set; }

    /// <summary>Columns of the 16-bit rows: the dimensions, and zeros up to a whole step.</summary>
    public int Stride { get; }

    /// <summary>The 16-bit rows.</summary>
    public short* Quantized => quantized.Address;

    /// <summary>t of each.</summary>
    public float[] Scales { get; }

    /// <summary>f of each.</summary>
    public float[] Errors { get; }

    /// <summary>The length of each.</summary>
    public double[] Lengths { get; }

    /// <summary>A vector.</summary>
    public float* Vector(int index) => vectors.Address + (long)index * dimensions;

    /// <summary>Forgets all.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a vector.</summary>
    /// <returns>Its length; where that is none (see <see cref="Direction.Has"/>) it was not added.</returns>
    public double Add(ReadOnlySpan<float> x)
    {
        float* copy = Vector(Count);
        x.CopyTo(new Span<float>(copy, dimensions));
        double length = Direction.Length(copy, dimensions);
        if (!Direction.Has(length))
            return length;
        float largest = Math.Abs(TensorPrimitives.MaxMagnitude(x));
        double inverse = 1 / length, factor = most / (double)largest, squares = 0;
        float scale = (float)(largest * inverse / most);
        short* p = Quantized + (long)Count * Stride;
        for (int i = 0; i < dimensions; i++)
        {
            double rounded = Math.Round(x[i] * factor);
            p[i] = (short)rounded;
            double rest = x[i] * inverse - rounded * scale;
            squares += rest * rest;
        }
        (Scales[Count], Errors[Count], Lengths[Count]) = (scale, QuantizedRow.Above(Math.Sqrt(squares)), length);
        Count++;
        return length;
    }

    public void Dispose()
    {
        quantized.Dispose();
        vectors.Dispose();
    }
}
