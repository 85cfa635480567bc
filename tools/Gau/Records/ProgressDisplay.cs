using System.Globalization;
using System.Runtime.ExceptionServices;

namespace GauRuntime.Cli.Records;

/// <summary>A bar on stderr, one line: share of the input's bytes, time left, records, rates, rejects.</summary>
/// <remarks>It is text and blanks, which every terminal draws; nothing is asked of it but its width.</remarks>
internal static class ProgressDisplay
{
    private const int NarrowWidth = 110, ShortBar = 10, LongBar = 40, UsualWidth = 80;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Does the work; where there is a terminal, on a thread of its own, and shows how it goes.</summary>
    public static void Do(RunProgress progress, Action work, bool shows)
    {
        if (shows)
            Show(progress, work, Console.Error, Width);
        else
            work();
    }

    /// <summary>Runs the work on a thread of its own and shows how it goes until it ends.</summary>
    internal static void Show(RunProgress progress, Action work, TextWriter terminal, Func<int> width)
    {
        Task running = Task.Factory.StartNew(
            work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            Follow(running, progress, terminal, width);
        }
        finally
        {
            // a display that fails must not take the files from under the run
            ((IAsyncResult)running).AsyncWaitHandle.WaitOne();
        }
        if (running.Exception?.InnerException is { } fault)
            ExceptionDispatchInfo.Throw(fault);
    }

    private static void Follow(Task running, RunProgress progress, TextWriter terminal, Func<int> width)
    {
        int drawn = 0;
        while (!((IAsyncResult)running).AsyncWaitHandle.WaitOne(Interval))
            Draw(Line(progress, width()));
        if (drawn > 0)
            Draw("");

        void Draw(string line)
        {
            // Blanks over what a longer line has left, but none beyond a terminal that has become narrower.
            string over = line.PadRight(Math.Clamp(width() - 2, line.Length, Math.Max(drawn, line.Length)));
            terminal.Write(line.Length > 0 ? $"\r{over}" : $"\r{over}\r");
            drawn = line.Length;
        }
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

    private static int Width()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : UsualWidth;
        }
        catch (IOException)   // under Windows, where standard output is a file
        {
            return UsualWidth;
        }
    }
}
