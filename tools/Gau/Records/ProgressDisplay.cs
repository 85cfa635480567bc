using System.Globalization;
using System.Runtime.ExceptionServices;
using Spectre.Console;

namespace GauRuntime.Cli.Records;

/// <summary>A bar on stderr: share of the input's bytes, time left, records and tokens per second, rejects.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs the work on a thread of its own and shows how it goes until it ends.</summary>
    public static void Show(RunProgress progress, Action work)
    {
        Task running = Task.Factory.StartNew(
            work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            Follow(running, progress);
        }
        finally
        {
            // a display that fails must not take the files from under the run
            ((IAsyncResult)running).AsyncWaitHandle.WaitOne();
        }
        if (running.Exception?.InnerException is { } fault)
            ExceptionDispatchInfo.Throw(fault);
    }

    private static void Follow(Task running, RunProgress progress)
    {
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Progress()
            .AutoClear(true)
            .Columns(
                new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn())
            .Start(context =>
            {
                ProgressTask bar = context.AddTask("starting", maxValue: 1);
                bar.IsIndeterminate = progress.Share is null;
                while (!((IAsyncResult)running).AsyncWaitHandle.WaitOne(Interval))
                {
                    bar.Value = progress.Share ?? 0;
                    bar.Description = Markup.Escape(Describe(progress));
                }
            });
    }

    private static string Describe(RunProgress progress) => string.Create(
        CultureInfo.InvariantCulture,
        $"{progress.Totals.Written.Records} records, {progress.RecordsPerSecond:0.#}/s, "
        + $"{progress.TokensPerSecond:0} tokens/s, {progress.Totals.Written.Rejected} rejected");
}
