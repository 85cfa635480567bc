using System.Runtime.InteropServices;
using GauRuntime.Tools;

namespace GauRuntime.Cli;

/// <summary>The process around <see cref="GauProgram"/>: standard streams and signals.</summary>
internal static class Program
{
    // A write to a pipe that nobody reads cannot be interrupted; after this long the process ends all the same.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static int Main(string[] args) => ProgramFrame.Run(args, error => Run(args, error));

    private static int Run(string[] args, TextWriter error)
    {
        StandardStreams.UseUtf8();
        // Not disposed: a signal may come when all else is.
        CancellationTokenSource cancel = new();
        CommandHost host = null!;
        int cancelCode = 0;
        bool outputOpened = false;
        void Stop(PosixSignalContext context, int code)
        {
            if (cancel.IsCancellationRequested)
                return; // the second signal ends the process the hard way
            context.Cancel = true;
            cancelCode = code;
            cancel.Cancel();
            if (outputOpened)
                Task.Delay(Patience).ContinueWith(_ => EndHard(host, code), TaskScheduler.Default);
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(
            PosixSignal.SIGINT, c => Stop(c, ExitCode.Interrupted));
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(
            PosixSignal.SIGTERM, c => Stop(c, ExitCode.Terminated));
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(
            PosixSignal.SIGHUP, c => Stop(c, ExitCode.Terminated));
        Action? inputWatch = StandardStreams.WatchInput();
        host = new CommandHost
        {
            OpenInput = () => new InterruptibleStream(StandardStreams.OpenInput(), cancel.Token, inputWatch),
            OpenOutput = () =>
            {
                outputOpened = true;
                return StandardStreams.OpenOutput();
            },
            DeviceOpened = () => outputOpened = true,
            StandardFile = StandardStreams.FileOf,
            Error = error,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            OutputIsTerminal = !Console.IsOutputRedirected,
            Environment = Environment.GetEnvironmentVariable,
            LimitHeap = LimitHeap,
            Cancel = cancel.Token,
            CancelCode = () => cancelCode,
        };
        return GauProgram.Run(args, host);
    }

    private static void EndHard(CommandHost host, int code)
    {
        host.HardEnds.Run(Patience);
        Environment.Exit(code);
    }

    private static void LimitHeap(long bytes)
    {
        AppContext.SetData("GCHeapHardLimit", (ulong)bytes);
        try
        {
            GC.RefreshMemoryLimit();
        }
        catch (InvalidOperationException)
        {
            // The runtime was started with a lower limit, which holds then.
        }
    }
}
