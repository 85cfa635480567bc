using GauRuntime.Train.Data;
using GauRuntime.Train.Optimizers;

namespace GauRuntime.Train.Pretraining;

/// <summary>What the command line of <c>gau-train pretrain</c> says.</summary>
internal sealed record PretrainOptions
{
    /// <summary>The texts.</summary>
    public required Documents Corpus { get; init; }

    /// <summary>The checkpoint to write.</summary>
    public required string Output { get; init; }

    public ModelSizes Sizes { get; init; } = new();

    /// <summary>A configuration of the encoder.</summary>
    public string? Config { get; init; }

    /// <summary>A checkpoint to go on from.</summary>
    public string? From { get; init; }

    /// <summary>A vocabulary; null: it is built from the corpus.</summary>
    public string? Vocab { get; init; }

    /// <summary>Tokens that a built vocabulary has at most.</summary>
    public required int VocabSize { get; init; }

    /// <summary>How often a character has to occur, to be in a built vocabulary.</summary>
    public required int LeastCount { get; init; }

    /// <summary>unigram, pre, char or span.</summary>
    public required string Segmenter { get; init; }

    /// <summary>Makes the segmenter; the corpus is what words are learned from where none are given.</summary>
    public required Func<Corpus, Segmenter> CreateSegmenter { get; init; }

    /// <summary>Whether spaces part words.</summary>
    public bool HasWords { get; init; }

    /// <summary>The words that were given; null: none.</summary>
    public WordList? Words { get; init; }

    public required int MaxLength { get; init; }

    /// <summary>Code points of a piece of text at most.</summary>
    public required int Piece { get; init; }

    public required int BatchTokens { get; init; }

    public required int Accumulate { get; init; }

    public required double Rate { get; init; }

    public required string Schedule { get; init; }

    public required double HiddenDropout { get; init; }

    public required double AttentionDropout { get; init; }

    public required LambSettings Lamb { get; init; }

    public required Budget Budget { get; init; }

    public long? EvaluateEvery { get; init; }

    public long? SaveEvery { get; init; }

    public required double HeldOut { get; init; }

    public required ulong Seed { get; init; }

    public required int Threads { get; init; }

    public required string Device { get; init; }

    public bool Resume { get; init; }

    public bool Force { get; init; }

    /// <summary>What the texts are, for the model card.</summary>
    public string? DataNote { get; init; }

    /// <summary>The licence of the model, for its card.</summary>
    public string? Licence { get; init; }
}
