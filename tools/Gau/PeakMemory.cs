using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GauRuntime.Cli;

/// <summary>The most memory that this process has had resident.</summary>
internal static partial class PeakMemory
{
    // Of struct rusage, in words of 64 bits: two times of two words each, then the most resident memory in KiB.
    private const int UsageFields = 18, MostResident = 4, OfThisProcess = 0;

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
        try
        {
            using Process process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64 / (double)(1 << 20);
        }
        // Without /proc, as in an empty root. Then it is that of the whole process.
        catch (InvalidOperationException) when (OperatingSystem.IsLinux())
        {
            return OfTheKernel();
        }
    }

    private static double OfTheKernel()
    {
        Span<long> usage = stackalloc long[UsageFields];
        return GetUsage(OfThisProcess, ref usage[0]) == 0 ? usage[MostResident] / 1024.0 : 0;
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, ref long usage);
}
