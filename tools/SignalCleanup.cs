using System.Runtime.InteropServices;

namespace GauRuntime.Tools;

/// <summary>Does what has to be done before a signal ends the program: an interrupt, a request to end, a lost terminal.
/// </summary>
internal sealed class SignalCleanup : IDisposable
{
    private readonly PosixSignalRegistration[] signals;

    /// <summary>Begins to wait for signals.</summary>
    /// <param name="clean">What is done, on a thread of its own.</param>
    public SignalCleanup(Action clean) => signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => clean()),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => clean()),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => clean()),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in signals)
            signal.Dispose();
    }
}
