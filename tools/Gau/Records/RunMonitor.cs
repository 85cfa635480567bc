using GauRuntime.Scoring;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Records;

/// <summary>Tells programs how a run goes: a status file, and events as lines of JSON on stderr.</summary>
internal sealed class RunMonitor : IDisposable
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(2);
    private const int EventEvery = 5;   // ticks of the status

    private readonly StatusFile? status;
    private readonly RunProgress progress;
    private readonly CommandHost host;
    private readonly bool events;
    private readonly Lock gate = new();
    private readonly Timer timer;
    private int ticks;
    private bool ended;

    /// <summary>Begins to tell.</summary>
    /// <exception cref="IOException">The status file cannot be written.</exception>
    /// <exception cref="ScoringException">The status file cannot be made.</exception>
    public RunMonitor(RunProgress progress, StatusFile? status, bool events, CommandHost host)
    {
        this.progress = progress;
        this.status = status;
        this.events = events;
        this.host = host;
        status?.Write("running");
        timer = new Timer(_ => Tick(), null, StatusInterval, StatusInterval);
    }

    /// <summary>Says how the run ended: null, or the fault.</summary>
    public void End(Exception? fault)
    {
        lock (gate)
        {
            ended = true;
            string state = fault switch
            {
                null => "finished",
                OperationCanceledException => "stopped",
                _ => "failed",
            };
            Write(state, fault is null or OperationCanceledException ? null : fault.Message);
        }
    }

    public void Dispose() => timer.Dispose();

    private void Tick()
    {
        lock (gate)
        {
            if (ended)
                return;
            Write("running", null);
            if (events && ++ticks % EventEvery == 0)
                host.Error.WriteLine(Event());
        }
    }

    // A run of hours does not end because somebody's status cannot be written for a moment.
    private void Write(string state, string? error)
    {
        try
        {
            status?.Write(state, error);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ScoringException)
        {
        }
    }

    private string Event() => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("progress"u8);
        progress.WriteFigures(json);
        json.WriteEndObject();
        json.WriteEndObject();
    });
}
