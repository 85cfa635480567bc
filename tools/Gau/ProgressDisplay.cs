using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using GauRuntime.Scoring.Formats;
using GauRuntime.Scoring.Pipeline;
using Spectre.Console;

namespace GauRuntime.Cli;

/// <summary>A bar on stderr: share of the input's bytes, time left, records and tokens per second, rejects.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs the work on a thread of its own and shows how it goes until it ends.</summary>
    public static void Show(RunTotals totals, RecordSource source, Stopwatch clock, Action work)
    {
        Task running = Task.Factory.StartNew(
            work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            Follow(running, totals, source, clock);
        }
        finally
        {
            // a display that fails must not take the files from under the run
            ((IAsyncResult)running).AsyncWaitHandle.WaitOne();
        }
        if (running.Exception?.InnerException is { } fault)
            ExceptionDispatchInfo.Throw(fault);
    }

    private static void Follow(Task running, RunTotals totals, RecordSource source, Stopwatch clock)
    {
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Progress()
            .AutoClear(true)
            .Columns(
                new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn())
            .Start(context =>
            {
                ProgressTask bar = context.AddTask("starting", maxValue: source.BytesTotal ?? 1);
                bar.IsIndeterminate = source.BytesTotal is null;
                while (!((IAsyncResult)running).AsyncWaitHandle.WaitOne(Interval))
                {
                    if (source.BytesTotal is not null)
                        bar.Value = source.BytesRead;
                    bar.Description = Markup.Escape(Describe(totals, clock.Elapsed.TotalSeconds));
                }
            });
    }

    private static string Describe(RunTotals totals, double seconds) => string.Create(
        CultureInfo.InvariantCulture,
        $"{totals.Records} records, {totals.Records / seconds:0.#}/s, {totals.Tokens / seconds:0} tokens/s, "
        + $"{totals.Rejected} rejected");
}
