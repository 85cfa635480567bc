namespace GauRuntime.Scoring;

/// <summary>How a run works; none of this changes a single bit of the results but <see cref="MaxLength"/>.</summary>
public sealed record ScoringOptions
{
    /// <summary>Tokens per batch where nothing else is said.</summary>
    public const int DefaultBatchTokens = 1024;

    /// <summary>Longest text where nothing else is said, in tokens.</summary>
    public const int DefaultMaxLength = 4096;

    /// <summary>Worker threads, each with a workspace of its own.</summary>
    public int Threads { get; init; } = DefaultThreads(Environment.GetEnvironmentVariable);

    /// <summary>A batch is closed before it would hold more tokens; a longer text is a batch of its own.</summary>
    public int BatchTokens { get; init; } = DefaultBatchTokens;

    /// <summary>Longer texts are cut to so many tokens, [CLS] and [SEP] included, and flagged.</summary>
    public int MaxLength { get; init; } = DefaultMaxLength;

    /// <summary>A run with more rejected records ends; null: no limit.</summary>
    public long? MaxRejects { get; init; }

    /// <summary>The processors this process may use, and no more than Slurm has given to the task.</summary>
    /// <param name="environment">Looks up an environment variable.</param>
    public static int DefaultThreads(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        int processors = Environment.ProcessorCount;
        return int.TryParse(environment("SLURM_CPUS_PER_TASK"), out int slurm) && slurm > 0
            ? Math.Min(processors, slurm)
            : processors;
    }
}
