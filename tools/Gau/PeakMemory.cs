using System.Diagnostics;

namespace GauRuntime.Cli;

/// <summary>The most memory that this process has had resident.</summary>
internal static class PeakMemory
{
    /// <summary>Forgets what was before, where the system can: on Linux.</summary>
    public static void Reset()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            if (OperatingSystem.IsLinux())
                File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The peak then is that of the whole process.
        }
    }

    /// <summary>Since the last <see cref="Reset"/>, in MiB.</summary>
    public static double Mebibytes()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / (double)(1 << 20);
    }
}
