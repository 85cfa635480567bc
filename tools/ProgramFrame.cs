using System.Runtime.InteropServices;

namespace GauRuntime.Tools;

/// <summary>What stands around a program: whatever happens, a user gets one line and a script an exit code.</summary>
internal static class ProgramFrame
{
    // SIGXFSZ on Linux, which ends a process that reaches its limit for the size of a file; held off, the write fails.
    private const PosixSignal FileTooLarge = (PosixSignal)25;

    // A signal ends the process soon after what it is cleaned up for; where it is ignored, the program goes on.
    private static readonly TimeSpan SignalPatience = TimeSpan.FromSeconds(10);

    // To the end of the process: a signal is handed out a while after the write that it was for has failed.
    private static PosixSignalRegistration? heldOff;

    /// <summary>Runs a program.</summary>
    /// <param name="args">Its arguments.</param>
    /// <param name="program">The program; takes standard error, which never fails.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args, Func<TextWriter, int> program)
    {
        bool json = args.Contains("--json");
        Console.SetError(StandardStreams.OpenError());
        AppDomain.CurrentDomain.UnhandledException += (_, fault) =>
            Environment.Exit(Report((Exception)fault.ExceptionObject, json));
        try
        {
            if (OperatingSystem.IsLinux())
                heldOff ??= PosixSignalRegistration.Create(FileTooLarge, context => context.Cancel = true);
            return program(Console.Error);
        }
#pragma warning disable CA1031 // What goes wrong before a program reads its command line is reported like the rest.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return Report(fault, json);
        }
    }

    private static int Report(Exception fault, bool json)
    {
        if (SignalCleanup.IsEnding)
            Thread.Sleep(SignalPatience);
        return Failure.Report(fault, Console.Error, json);
    }
}
