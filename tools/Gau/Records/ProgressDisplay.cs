using System.Globalization;
using System.Runtime.ExceptionServices;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GauRuntime.Cli.Records;

/// <summary>A bar on stderr, one line: share of the input's bytes, time left, records, rates, rejects.</summary>
internal static class ProgressDisplay
{
    private const int NarrowWidth = 110, ShortBar = 10, LongBar = 40;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs the work on a thread of its own and shows how it goes until it ends.</summary>
    public static void Show(RunProgress progress, Action work) => Show(
        progress, work,
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }));

    /// <inheritdoc cref="Show(RunProgress, Action)"/>
    internal static void Show(RunProgress progress, Action work, IAnsiConsole console)
    {
        Task running = Task.Factory.StartNew(
            work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            Follow(running, progress, console);
        }
        finally
        {
            // a display that fails must not take the files from under the run
            ((IAsyncResult)running).AsyncWaitHandle.WaitOne();
        }
        if (running.Exception?.InnerException is { } fault)
            ExceptionDispatchInfo.Throw(fault);
    }

    private static void Follow(Task running, RunProgress progress, IAnsiConsole console)
    {
        console.Progress()
            .AutoClear(true)
            .Columns(new LineColumn(() => Line(progress, console.Profile.Width)))
            .Start(context =>
            {
                context.AddTask("records", maxValue: 1);   // a name that nobody sees
                while (!((IAsyncResult)running).AsyncWaitHandle.WaitOne(Interval))
                {
                    // The column is drawn again and again.
                }
            });
    }

    /// <summary>What is shown: it leaves the last columns free, so no terminal breaks it.</summary>
    /// <param name="progress">How far the run is.</param>
    /// <param name="width">Columns of the terminal.</param>
    internal static string Line(RunProgress progress, int width)
    {
        string bar = "";
        if (progress.Share is { } share)
        {
            int length = width < NarrowWidth ? ShortBar : LongBar, filled = (int)(share * length);
            bar = string.Create(
                CultureInfo.InvariantCulture,
                $"[{new string('#', filled)}{new string('-', length - filled)}] {100 * share,3:0} %  ");
        }
        string line = bar + progress.Words();
        return line[..Math.Clamp(width - 2, 0, line.Length)];
    }

    private sealed class LineColumn(Func<string> line) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Spectre.Console.Text(line()).Overflow(Overflow.Crop);
    }
}
