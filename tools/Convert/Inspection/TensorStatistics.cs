using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Convert.Inspection;

/// <summary>What the values of a tensor look like; sums are in double precision, in row-major order.</summary>
/// <param name="First">The first four values at most.</param>
/// <param name="Sum">Σ x; not finite when a value is not.</param>
/// <param name="AbsoluteSum">Σ |x|.</param>
/// <param name="NanCount">Number of NaN values.</param>
/// <param name="InfinityCount">Number of infinities of either sign.</param>
internal sealed record TensorStatistics(
    IReadOnlyList<double> First, double Sum, double AbsoluteSum, long NanCount, long InfinityCount)
{
    private const int Slice = 4096;

    /// <summary>Whether a type's values are numbers that can be summed.</summary>
    public static bool CanRead(TensorEntry tensor) =>
        Elements.Width(tensor.Type) > 0 && tensor.Type is not (ElementType.Complex64 or ElementType.Complex128);

    /// <summary>Reads a tensor once.</summary>
    /// <param name="checkpoint">Where it is.</param>
    /// <param name="tensor">One whose <see cref="CanRead"/> is true.</param>
    public static TensorStatistics Of(ICheckpoint checkpoint, TensorEntry tensor)
    {
        if (tensor.ByteLength > Array.MaxLength)
            throw new Weights.GauFormatException(
                checkpoint.Path, tensor.Name,
                $"{tensor.ByteLength} bytes; one tensor of at most {Array.MaxLength} can be read");
        byte[] bytes = new byte[tensor.ByteLength];
        checkpoint.Read(tensor, bytes);
        int width = Elements.Width(tensor.Type);
        int count = (int)tensor.ElementCount;
        double sum = 0;
        double absolute = 0;
        long nan = 0;
        long infinite = 0;
        double[] values = new double[Math.Min(count, Slice)];
        double[] first = [];
        for (int start = 0; start < count; start += Slice)
        {
            Span<double> slice = values.AsSpan(0, Math.Min(Slice, count - start));
            Elements.ToDouble(tensor.Type, bytes.AsSpan(start * width, slice.Length * width), slice);
            if (start == 0)
                first = slice[..Math.Min(4, slice.Length)].ToArray();
            foreach (double value in slice)
            {
                sum += value;
                absolute += Math.Abs(value);
                if (double.IsNaN(value))
                    nan++;
                else if (double.IsInfinity(value))
                    infinite++;
            }
        }
        return new TensorStatistics(first, sum, absolute, nan, infinite);
    }
}
