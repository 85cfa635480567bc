using System.Text.Json.Serialization;
using GauRuntime.Benchmarks.Peers.Engines;

namespace GauRuntime.Benchmarks.Peers.Measuring;

/// <summary>Times of an engine on one input.</summary>
/// <param name="Engine">Id of the engine.</param>
/// <param name="Threads">Threads of a run.</param>
/// <param name="Batch">Texts at a time; for the job, how the engine's batches were cut.</param>
/// <param name="Length">Tokens of a text; 0 for the job.</param>
/// <param name="Tokens">Tokens of all texts, without padding.</param>
/// <param name="Seconds">Times of the runs.</param>
/// <param name="Texts">Number of texts.</param>
internal sealed record EngineRun(
    string Engine, int Threads, int Batch, int Length, int Tokens, IReadOnlyList<double> Seconds, int Texts)
{
    public double MedianSeconds
    {
        get
        {
            double[] sorted = [.. Seconds.Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    public double TokensPerSecond => Tokens / MedianSeconds;

    public double TextsPerSecond => Texts / MedianSeconds;

    [JsonIgnore]
    public bool IsJob => Length == 0;

    [JsonIgnore]
    public EngineSpec Spec => EngineSpec.Of(Engine);
}

/// <summary>How far an engine's hidden states are from those of its model in one engine in F32, mostly ours.</summary>
internal sealed record ModelCheck(string Engine, double MaxDifference, double Cosine);

/// <summary>Most memory that a process of its own had resident while it encoded a text of a length.</summary>
internal sealed record MemorySample(string Engine, int Length, long PeakBytes)
{
    [JsonIgnore]
    public EngineSpec Spec => EngineSpec.Of(Engine);
}

/// <summary>An engine that did not run.</summary>
internal sealed record Absence(string Engine, string Reason);

/// <summary>All that a run found.</summary>
[JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]   // of lists without setters, when it is read again
internal sealed record PeerResults
{
    public required Machine Machine { get; init; }

    public required string Date { get; init; }

    public required string Command { get; init; }

    /// <summary>Name of the report that it is for.</summary>
    public string Report { get; init; } = PeerReport.Peers.Name;

    /// <summary>Versions of the engines.</summary>
    public string Versions { get; set; } = "";

    /// <summary>Kernel tier of ours.</summary>
    public string Tier { get; set; } = "";

    /// <summary>Of the machine, with the instructions of that tier.</summary>
    public Peak Peak { get; } = new();

    public List<Absence> Absences { get; } = [];

    public List<ModelCheck> Checks { get; } = [];

    public List<EngineRun> Measurements { get; } = [];

    public List<MemorySample> Memory { get; } = [];

    /// <summary>The measurement of an engine, or null.</summary>
    public EngineRun? Find(EngineSpec engine, int threads, int batch, int length) => Measurements.Find(
        m => m.Engine == engine.Id && m.Threads == threads && m.Batch == batch && m.Length == length);
}
