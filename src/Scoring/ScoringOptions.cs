using GauRuntime.Sessions;
using GauRuntime.Threads;

namespace GauRuntime.Scoring;

/// <summary>How a run works; none of this changes a single bit of the results but <see cref="MaxLength"/>.</summary>
public sealed record ScoringOptions
{
    /// <summary>Tokens per batch where nothing else is said.</summary>
    public const int DefaultBatchTokens = 1024;

    /// <summary>Longest text where nothing else is said, in tokens.</summary>
    public const int DefaultMaxLength = GauBatch.UsualMaxLength;

    /// <summary>Worker threads, each with a workspace of its own; not bound to <see cref="ThreadLimit"/>.</summary>
    public int Threads { get; init; } = ThreadLimit.Of(Environment.GetEnvironmentVariable);

    /// <summary>A batch is closed before it would hold more tokens; a longer text is a batch of its own.</summary>
    public int BatchTokens { get; init; } = DefaultBatchTokens;

    /// <summary>
    /// Texts longer than a batch that are computed at once; each needs buffers as large. More than there are threads
    /// changes nothing.
    /// </summary>
    public int LongTexts { get; init; } = int.MaxValue;

    /// <summary>
    /// Longer texts are cut to so many tokens, [CLS] and [SEP] included, and flagged. Unset: as the model says, else
    /// <see cref="DefaultMaxLength"/>. From 8 to <see cref="GauBatch.MaxLength"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to less or more.</exception>
    public int MaxLength
    {
        get => GivenMaxLength ?? DefaultMaxLength;
        init => GivenMaxLength = TextSession.Checked(value, nameof(MaxLength));
    }

    internal int? GivenMaxLength { get; init; }

    /// <summary>
    /// How long a run that was cancelled waits for the batches that it computes, to write them too; their passes are
    /// dropped then.
    /// </summary>
    /// <remarks>Unset, a run has stopped within a second, and what the sink has to flush is in it.</remarks>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromMilliseconds(600);

    /// <summary>A run with more rejected records ends; null: no limit.</summary>
    public long? MaxRejects { get; init; }

    /// <summary>The same, with a length where none was set.</summary>
    internal ScoringOptions OrLongest(int usual) => this with { GivenMaxLength = GivenMaxLength ?? usual };
}
