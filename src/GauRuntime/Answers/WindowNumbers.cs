using GauRuntime.Heads;

namespace GauRuntime.Answers;

/// <summary>Makes the numbers of a text out of those of its windows, in their order.</summary>
/// <remarks>In double precision, so that the order alone decides the bits.</remarks>
/// <param name="how">Whether they are added or the greatest is kept.</param>
/// <param name="sums">As many numbers as a window gives.</param>
internal ref struct WindowNumbers(WindowAggregate how, Span<double> sums)
{
    private readonly Span<double> sums = sums;
    private int count;

    /// <summary>Takes the numbers of the next window.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < sums.Length; i++)
            sums[i] = count == 0 ? values[i]
                : how == WindowAggregate.Max ? Math.Max(sums[i], values[i])
                : sums[i] + values[i];
        count++;
    }

    /// <summary>Gives the mean, or the greatest, of every number; at least one window was taken.</summary>
    public readonly void CopyTo(Span<float> values)
    {
        for (int i = 0; i < sums.Length; i++)
            values[i] = (float)(how == WindowAggregate.Max ? sums[i] : sums[i] / count);
    }
}
