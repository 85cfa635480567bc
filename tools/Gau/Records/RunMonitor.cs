using GauRuntime.Scoring;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Records;

/// <summary>What is told on stderr while a run goes on.</summary>
internal enum ProgressReports
{
    /// <summary>Nothing, or a bar.</summary>
    None,
    /// <summary>A line now and then, for whoever reads a log.</summary>
    Lines,
    /// <summary>Lines of JSON, for programs.</summary>
    Events,
}

/// <summary>Tells how a run goes: a status file, and lines or events on stderr.</summary>
internal sealed class RunMonitor : IDisposable
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LinePatience = TimeSpan.FromSeconds(1);
    private const int EventEvery = 5, LineEvery = 15;   // ticks of the status

    private readonly StatusFile? status;
    private readonly RunProgress progress;
    private readonly CommandHost host;
    private readonly ProgressReports reports;
    private readonly Lock gate = new();
    private readonly ITimer timer;
    private int ticks;
    private bool ended;
    private int isTelling;   // 1 while a line is being written

    /// <summary>Begins to tell.</summary>
    /// <exception cref="IOException">The status file cannot be written.</exception>
    /// <exception cref="ScoringException">The status file cannot be made.</exception>
    public RunMonitor(RunProgress progress, StatusFile? status, ProgressReports reports, CommandHost host)
    {
        this.progress = progress;
        this.status = status;
        this.reports = reports;
        this.host = host;
        status?.Begin();
        timer = host.Clock.CreateTimer(_ => Tick(), null, StatusInterval, StatusInterval);
    }

    /// <summary>Says how the run ended: null, or the fault. What comes after is written behind the last line.</summary>
    public void End(Exception? fault)
    {
        lock (gate)
        {
            ended = true;
            status?.End(fault);
        }
        SpinWait.SpinUntil(() => Volatile.Read(ref isTelling) == 0, LinePatience);
    }

    public void Dispose() => timer.Dispose();

    // A timer goes on while a disk stands still, or whoever should read stderr: ticks that come meanwhile are let go,
    // and the run ends without them.
    private void Tick()
    {
        if (Line() is not { } line)
            return;
        try
        {
            host.Error.WriteLine(line);
        }
        finally
        {
            Volatile.Write(ref isTelling, 0);
        }
    }

    // Brings the status up to date. The line that is to be told now, which whoever gets it has to tell; or null.
    private string? Line()
    {
        if (!gate.TryEnter())
            return null;
        try
        {
            if (ended)
                return null;
            status?.GoOn();
            ticks++;
            bool isTime = reports switch
            {
                ProgressReports.Events => ticks % EventEvery == 0,
                ProgressReports.Lines => ticks % LineEvery == 0,
                _ => false,
            };
            if (!isTime || Interlocked.Exchange(ref isTelling, 1) != 0)
                return null;
            return reports == ProgressReports.Events ? Event() : progress.Line();
        }
        finally
        {
            gate.Exit();
        }
    }

    private string Event() => JsonText.Of("progress", progress.WriteFigures);
}
