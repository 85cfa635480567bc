namespace GauRuntime.Weights.ModelFile;

/// <summary>How text becomes tokens: a BERT tokenizer of one upstream.</summary>
/// <remarks>Stored as JSON under <c>gau.tokenizer</c> of a model file. Immutable.</remarks>
public sealed record TokenizerConfig
{
    /// <summary>Whether text is lower-cased and stripped of accents first.</summary>
    public required bool LowerCase { get; init; }

    /// <summary>Hugging Face's rules (port) or bert4keras' (keras) where they differ.</summary>
    public required Dialect Rules { get; init; }
}
