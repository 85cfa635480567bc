namespace GauRuntime.Scoring.Comparison;

/// <summary>Percentiles by nearest rank.</summary>
internal static class Ranks
{
    /// <summary>⌈percent · count / 100⌉: the rank from 1 of the percentile among so many in ascending order.</summary>
    public static long OfPercentile(int percent, long count) => (percent * count + 99) / 100;
}
