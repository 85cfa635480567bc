namespace GauRuntime.Evaluation.Comparison;

/// <summary>
/// Counts differences of 32-bit floats in fixed buckets, 128 per power of two, so that a percentile over any number of
/// them needs 280 KiB and is within 0.4 % of the true one.
/// </summary>
internal sealed class LogHistogram
{
    private const int BucketBits = 7;                       // of the fraction of a double
    private const int Shift = 52 - BucketBits;
    private const long First = (1023L - 149) << BucketBits; // bucket of 2⁻¹⁴⁹, the least difference but none
    private const long End = (1023L + 129) << BucketBits;   // bucket of 2¹²⁹, beyond the greatest

    private long[]? counts;
    private long zeros;

    /// <summary>Counts a difference.</summary>
    /// <param name="difference">|a − b| of two finite floats, or 1 − a cosine.</param>
    public void Add(double difference)
    {
        if (difference == 0)
        {
            zeros++;
            return;
        }
        counts ??= new long[End - First];
        counts[(BitConverter.DoubleToInt64Bits(difference) >> Shift) - First]++;
    }

    /// <summary>The middle of the bucket of the difference of that rank in ascending order, from 1.</summary>
    public double AtRank(long rank)
    {
        long left = rank - zeros;
        if (left <= 0 || counts is null)
            return 0;
        int bucket = 0;
        while ((left -= counts[bucket]) > 0)
            bucket++;
        return (Edge(bucket) + Edge(bucket + 1)) / 2;
    }

    /// <summary>
    /// ⌈percent · count / 100⌉: the rank from 1 of a percentile among so many in ascending order, by nearest rank.
    /// </summary>
    public static long RankOf(int percent, long count) => (percent * count + 99) / 100;

    private static double Edge(long bucket) => BitConverter.Int64BitsToDouble((bucket + First) << Shift);
}
