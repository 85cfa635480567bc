using System.Diagnostics;
using System.Globalization;

namespace GauRuntime.Benchmarks.Search;

/// <summary>Times and memory.</summary>
internal static class Measure
{
    /// <summary>Milliseconds of one call.</summary>
    public static double Once(Action action)
    {
        long started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    /// <summary>The median of some calls, in milliseconds.</summary>
    public static double Median(int count, Action<int> action) =>
        Enumerable.Range(0, count).Select(i => Once(() => action(i))).Order().ElementAt(count / 2);

    /// <summary>What the process has in memory now.</summary>
    public static double ResidentMebibytes()
    {
        using Process self = Process.GetCurrentProcess();
        return self.WorkingSet64 / 1048576.0;
    }

    public static void Print(string what, double number) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{what,-52} {number,12:F1}"));
}
