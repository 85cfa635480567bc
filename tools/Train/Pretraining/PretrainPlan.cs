using GauRuntime.Train.Optimizers;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Pretraining;

/// <summary>Everything that decides the result of a pretraining, and nothing else.</summary>
/// <remarks>Two runs with equal plans end with the same weights on the CPU. Immutable.</remarks>
internal sealed record PretrainPlan
{
    /// <summary>The version that this program writes and goes on with.</summary>
    public const int Current = 2;

    /// <summary>Which fields there are and what they mean.</summary>
    public int Version { get; init; } = Current;

    /// <summary>Versions of this program and of libtorch.</summary>
    public required string Program { get; init; }

    /// <summary>Sizes and switches of the encoder.</summary>
    public required ModelConfig Model { get; init; }

    /// <summary>SHA-256 of the tokens, a line each, and of how texts become tokens.</summary>
    public required string Vocabulary { get; init; }

    /// <summary>SHA-256 of the checkpoint that it starts from; null: from random weights.</summary>
    public string? From { get; init; }

    /// <summary>XxHash128 of the pieces that the texts are cut into, in their order.</summary>
    public required string Corpus { get; init; }

    /// <summary>How texts are cut into words: unigram, pre, char or span.</summary>
    public required string Segmenter { get; init; }

    /// <summary>SHA-256 of the list of words; null: it is learned from the corpus, or there is none.</summary>
    public string? Words { get; init; }

    /// <summary>Tokens that a sample has at most, [CLS] and [SEP] included.</summary>
    public required int MaxLength { get; init; }

    /// <summary>Tokens of a micro-batch, padding included, unless one sample has more.</summary>
    public required int BatchTokens { get; init; }

    /// <summary>Micro-batches of an update.</summary>
    public required int Accumulate { get; init; }

    /// <summary>η, before the schedule.</summary>
    public required double Rate { get; init; }

    /// <summary>The name of a schedule: gau-alpha, roformer-v2 or constant.</summary>
    public required string Schedule { get; init; }

    /// <summary>Share of the hidden states that is dropped.</summary>
    public required double HiddenDropout { get; init; }

    /// <summary>Share of the attention weights that is dropped.</summary>
    public required double AttentionDropout { get; init; }

    /// <summary>How LAMB is set.</summary>
    public required LambSettings Lamb { get; init; }

    /// <summary>What was asked for, as <c>8000 updates</c>, <c>1000000 tokens</c> or <c>4 hours</c>.</summary>
    public required string Budget { get; init; }

    /// <summary>Updates of the whole run, which a budget in hours becomes after its measurement; 0: not yet.</summary>
    public long Updates { get; init; }

    /// <summary>Updates between two points of the curve; null: a 25th of the run.</summary>
    public long? EvaluateEvery { get; init; }

    /// <summary>Share of the texts that is held out.</summary>
    public required double HeldOut { get; init; }

    /// <summary>What all random numbers come from.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Threads of an operation: sums are parted among them.</summary>
    public required int Threads { get; init; }

    /// <summary>Where it is computed: cpu or cuda.</summary>
    public required string Device { get; init; }
}
