using System.ComponentModel;
using GauRuntime.Threads;

namespace GauRuntime.Tools;

/// <summary>Tells what the system refuses to the whole process from a fault of one file.</summary>
internal static class ResourceFaults
{
    private const int SystemDescriptors = 23;                           // ENFILE on Linux and macOS
    private const int Descriptors = 24;                                 // EMFILE
    private const int WindowsHandles = unchecked((int)0x80070004);      // ERROR_TOO_MANY_OPEN_FILES

    /// <summary>What is lacking, or null where that is not what happened.</summary>
    public static string? Reason(Exception fault)
    {
        for (Exception? e = fault; e is not null; e = e.InnerException)
        {
            if (e is ToolException)
                return null;   // somebody knows more
            if (e is IOException { HResult: SystemDescriptors or Descriptors or WindowsHandles }
                or Win32Exception { NativeErrorCode: SystemDescriptors or Descriptors })
                return "too few file descriptors: raise the limit (ulimit -n)";
            if (e is RefusedThreadException)
                return "too few threads: raise the limit (ulimit -u), or ask for fewer (--threads)";
            if (e is OutOfMemoryException or ThreadStartException)
                return $"the system refuses memory or threads: {Weights.Printable.OneLine(e.Message)}";
        }
        return null;
    }
}
