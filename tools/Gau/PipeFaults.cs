namespace GauRuntime.Cli;

/// <summary>Tells a closed pipe from other faults of a write.</summary>
internal static class PipeFaults
{
    private const int BrokenPipe = 32;                               // EPIPE on Linux and macOS
    private const int WindowsBrokenPipe = unchecked((int)0x8007006D); // ERROR_BROKEN_PIPE
    private const int WindowsPipeClosing = unchecked((int)0x800700E8); // ERROR_NO_DATA

    /// <summary>Whether a write failed because nobody reads any more.</summary>
    public static bool IsClosed(IOException fault) =>
        fault.HResult is BrokenPipe or WindowsBrokenPipe or WindowsPipeClosing;
}
