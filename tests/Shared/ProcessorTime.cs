using System.Runtime.InteropServices;

namespace GauRuntime.TestSupport;

/// <summary>What a piece of work takes of the processor, however busy the machine is with others.</summary>
/// <remarks>
/// For tests that work is linear in its input, which bound it by many times what it takes: a quadratic pass would take
/// hours.
/// </remarks>
internal static partial class ProcessorTime
{
    private const int ThreadClock = 3;   // CLOCK_THREAD_CPUTIME_ID

    /// <summary>Does some work on this thread.</summary>
    /// <returns>The time that this thread has had a processor; of the whole process where the system is not Linux.</returns>
    public static TimeSpan Of(Action work)
    {
        TimeSpan before = Now();
        work();
        return Now() - before;
    }

    private static TimeSpan Now()
    {
        if (!OperatingSystem.IsLinux())
            return Environment.CpuUsage.TotalTime;
        return GetTime(ThreadClock, out Time time) == 0
            ? new TimeSpan(time.Seconds * TimeSpan.TicksPerSecond + time.Nanoseconds / 100)
            : throw new InvalidOperationException("clock_gettime");
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time time);

    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
