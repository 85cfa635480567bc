using System.Runtime.InteropServices;

namespace GauRuntime.Tools;

/// <summary>Does what has to be done before a signal ends the program: an interrupt, a request to end, a lost terminal.
/// </summary>
internal sealed class SignalCleanup : IDisposable
{
    private static bool isEnding;

    private readonly PosixSignalRegistration[] signals;

    /// <summary>Begins to wait for signals.</summary>
    /// <param name="clean">What is done, on a thread of its own.</param>
    public SignalCleanup(Action clean) => signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => End(clean)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => End(clean)),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => End(clean)),
    ];

    /// <summary>Whether a signal is ending the program: what fails now may lack what was removed.</summary>
    public static bool IsEnding => Volatile.Read(ref isEnding);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in signals)
            signal.Dispose();
    }

    /// <summary>Does it for a signal: what cannot be removed stays.</summary>
    internal static void End(Action clean)
    {
        Volatile.Write(ref isEnding, true);
        try
        {
            clean();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The program goes on until the signal ends it, and may remove or make the same.
        }
    }
}
