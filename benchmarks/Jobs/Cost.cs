using System.Diagnostics;

namespace GauRuntime.Benchmarks.Jobs;

/// <summary>What some work took.</summary>
/// <param name="Seconds">Of the clock.</param>
/// <param name="ProcessorSeconds">Of all threads of the process.</param>
/// <param name="AllocatedBytes">On the managed heap.</param>
internal readonly record struct Cost(double Seconds, double ProcessorSeconds, long AllocatedBytes)
{
    public static Cost Of(Action work)
    {
        long allocated = GC.GetTotalAllocatedBytes();
        TimeSpan processor = ProcessorTime();
        long start = Stopwatch.GetTimestamp();
        work();
        return new Cost(
            Stopwatch.GetElapsedTime(start).TotalSeconds, (ProcessorTime() - processor).TotalSeconds,
            GC.GetTotalAllocatedBytes() - allocated);
    }

    private static TimeSpan ProcessorTime()
    {
        using Process process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
