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
    private const int EventEvery = 5, LineEvery = 15;   // ticks of the status

    private readonly StatusFile? status;
    private readonly RunProgress progress;
    private readonly CommandHost host;
    private readonly ProgressReports reports;
    private readonly Lock gate = new();
    private readonly ITimer timer;
    private int ticks;
    private bool ended;

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

    /// <summary>Says how the run ended: null, or the fault.</summary>
    public void End(Exception? fault)
    {
        lock (gate)
        {
            ended = true;
            status?.End(fault);
        }
    }

    public void Dispose() => timer.Dispose();

    private void Tick()
    {
        lock (gate)
        {
            if (ended)
                return;
            status?.GoOn();
            ticks++;
            if (reports == ProgressReports.Events && ticks % EventEvery == 0)
                host.Error.WriteLine(Event());
            else if (reports == ProgressReports.Lines && ticks % LineEvery == 0)
                host.Error.WriteLine(progress.Line());
        }
    }

    private string Event() => JsonText.Of("progress", progress.WriteFigures);
}
