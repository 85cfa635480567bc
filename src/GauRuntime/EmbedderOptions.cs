using GauRuntime.Weights.ModelFile;

namespace GauRuntime;

/// <summary>How a <see cref="GauEmbedder"/> makes vectors.</summary>
/// <remarks>
/// A model whose file says how it embeds (<see cref="GauModel.Embedding"/>) does so; what is set here must not
/// contradict it, unless <see cref="ForcePooling"/> is set.
/// </remarks>
public sealed record EmbedderOptions
{
    /// <summary>
    /// How the hidden states of a text become one vector. Unset: as the model says, else their mean.
    /// </summary>
    public Pooling Pooling { get => GivenPooling ?? Pooling.Mean; init => GivenPooling = value; }

    /// <summary>
    /// Whether vectors are scaled to length 1, after they were cut. Unset: as the model says, else not.
    /// </summary>
    public bool Normalize { get => GivenNormalize ?? false; init => GivenNormalize = value; }

    /// <summary>Keep so many leading numbers; null: all that the model has.</summary>
    public int? Dimensions { get; init; }

    /// <summary>
    /// Where texts are cut, which <see cref="TextInfo.Truncated"/> tells. Unset: as the model says, else
    /// <see cref="GauBatch.UsualMaxLength"/>.
    /// </summary>
    public int MaxTokens { get => GivenMaxTokens ?? GauBatch.UsualMaxLength; init => GivenMaxTokens = value; }

    /// <summary>
    /// Reads texts in windows instead of cutting them; then <see cref="MaxTokens"/> is not set. A prompt stands in
    /// front of every window. Null: texts are cut.
    /// </summary>
    public WindowOptions? Windows { get; init; }

    /// <summary>Name of a prompt of the model, put in front of every text; null: its default, if it has one.</summary>
    public string? Prompt { get; init; }

    /// <summary>
    /// What is put in front of every text, instead of a prompt of the model; nothing comes between. Empty: nothing, not
    /// even the model's default prompt.
    /// </summary>
    public string? Prefix { get; init; }

    /// <summary>
    /// Pools and scales as is said here even where the model says otherwise; with another
    /// <see cref="Pooling"/> its dense layers are left out.
    /// </summary>
    public bool ForcePooling { get; init; }

    internal Pooling? GivenPooling { get; init; }

    internal bool? GivenNormalize { get; init; }

    internal int? GivenMaxTokens { get; init; }
}
