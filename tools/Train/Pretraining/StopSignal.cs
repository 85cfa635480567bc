using System.Runtime.InteropServices;
using GauRuntime.Tools;

namespace GauRuntime.Train.Pretraining;

/// <summary>Ctrl-C and the signals that ask a process to end: the work ends at its next boundary.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly PosixSignalRegistration[] registrations;
    private volatile int code;

    public StopSignal() => registrations =
    [
        Register(PosixSignal.SIGINT, ExitCode.Interrupted), Register(PosixSignal.SIGTERM, ExitCode.Terminated),
        Register(PosixSignal.SIGHUP, ExitCode.Terminated),
    ];

    /// <summary>The exit code that was asked for, or null.</summary>
    public int? Code => code == 0 ? null : code;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations)
            registration.Dispose();
    }

    private PosixSignalRegistration Register(PosixSignal signal, int meaning) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = code == 0;   // who asks twice does not want to wait
            code = meaning;
        });
}
