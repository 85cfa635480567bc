namespace GauRuntime.Benchmarks.Peers.Measuring;

/// <summary>The most that this machine can do.</summary>
internal static class Peak
{
    /// <summary>Operations (a multiplication and an addition are two) per second of so many threads.</summary>
    /// <param name="integers">int8 products instead of float.</param>
    /// <param name="threads">Threads at once.</param>
    /// <returns>null: not measured.</returns>
    public static double? OperationsPerSecond(bool integers, int threads) => null;   // THE PLACE FOR THE PEAK
}
