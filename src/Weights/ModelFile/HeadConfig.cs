using System.Text.Json.Serialization;

namespace GauRuntime.Weights.ModelFile;

/// <summary>
/// What a model answers, besides the masked LM where there is one.
/// </summary>
[JsonConverter(typeof(SnakeCaseEnum<HeadKind>))]
public enum HeadKind
{
    /// <summary>Masked LM only.</summary>
    MaskedLm,
    /// <summary>One answer per text.</summary>
    SequenceClassification,
    /// <summary>One label per token.</summary>
    TokenClassification,
    /// <summary>The best of several texts.</summary>
    MultipleChoice,
    /// <summary>Start and end of a span.</summary>
    QuestionAnswering,
}

/// <summary>What the outputs of a sequence classifier mean.</summary>
[JsonConverter(typeof(SnakeCaseEnum<ProblemType>))]
public enum ProblemType
{
    /// <summary>Exactly one label: softmax.</summary>
    SingleLabel,
    /// <summary>Any number of labels: a sigmoid each.</summary>
    MultiLabel,
    /// <summary>A number.</summary>
    Regression,
}

/// <summary>How the hidden states of a text become one vector.</summary>
[JsonConverter(typeof(SnakeCaseEnum<Pooling>))]
public enum Pooling
{
    /// <summary>The first token.</summary>
    First,
    /// <summary>The last real token.</summary>
    Last,
    /// <summary>The mean over the real tokens.</summary>
    Mean,
    /// <summary>The maximum over the real tokens, per feature.</summary>
    Max,
    /// <summary>The sum over the real tokens, divided by √n, n being their number; vectors only, no heads.</summary>
    MeanSqrtLenTokens,
    /// <summary>The mean over the real tokens, weighted by position, 1 for the first; vectors only, no heads.</summary>
    [JsonStringEnumMemberName("weightedmean")]
    WeightedMean,
}

/// <summary>Segment ids of a pair of texts.</summary>
[JsonConverter(typeof(SnakeCaseEnum<SegmentPolicy>))]
public enum SegmentPolicy
{
    /// <summary>0 everywhere, as the PyTorch ports fine-tune.</summary>
    Zeros,
    /// <summary>0 up to and with the first [SEP], then 1, as bert4keras does.</summary>
    Pairs,
}

/// <summary>The head of a model: logits = W · act(D · pool(X) + d) + b; D and act may be absent.</summary>
/// <remarks>Stored as JSON under <c>gau.head</c> of a model file. Immutable.</remarks>
public sealed record HeadConfig
{
    /// <summary>
    /// Bounds of <see cref="MaxTokens"/>: the least has room for a token of a pair beside [CLS] and two [SEP].
    /// </summary>
    internal const int LeastTokens = 4, MostTokens = EmbeddingConfig.MostTokens;

    /// <summary>What the model answers.</summary>
    public required HeadKind Kind { get; init; }

    /// <summary>Names of the outputs, in order; empty for the masked LM and multiple choice.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>How a sequence classifier or multiple-choice head pools.</summary>
    public required Pooling Pooling { get; init; }

    /// <summary>Whether a dense layer with bias stands before the classifier.</summary>
    public required bool HasDense { get; init; }

    /// <summary>Width of the dense layer; null: that of the hidden states.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? DenseSize { get; init; }

    /// <summary>Activation after the dense layer, or after pooling where there is none.</summary>
    public required Activation DenseActivation { get; init; }

    /// <summary>What the outputs of a sequence classifier mean.</summary>
    public required ProblemType ProblemType { get; init; }

    /// <summary>Segment ids of pairs.</summary>
    public required SegmentPolicy Segments { get; init; }

    /// <summary>
    /// What makes the one logit of a cross-encoder the score of a pair: <see cref="Activation.Sigmoid"/> or
    /// <see cref="Activation.Identity"/>; null, where its files say nothing: the sigmoid.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Activation? ScoreActivation { get; init; }

    /// <summary>
    /// Where texts are cut if nobody says otherwise, in tokens, [CLS] and [SEP] included; null: the model does not say.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxTokens { get; init; }

    /// <summary>What makes its scores probabilities; null: nothing was fitted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HeadCalibration? Calibration { get; init; }

    /// <summary>Logits are divided by it before they become probabilities.</summary>
    internal float Temperature => Calibration?.Temperature ?? 1;

    /// <summary><see cref="MaxTokens"/> for people; empty without.</summary>
    internal string ShownLimit => MaxTokens is { } most ? $"texts cut to {most} tokens" : "";

    /// <summary>
    /// Width of the logits: labels, 1 for multiple choice, 2 for question answering, 0 without a head.
    /// </summary>
    [JsonIgnore]
    public int OutputCount => Kind switch
    {
        HeadKind.MaskedLm => 0,
        HeadKind.MultipleChoice => 1,
        HeadKind.QuestionAnswering => 2,
        _ => Labels.Count,
    };

    /// <summary>Whether the parts fit together.</summary>
    /// <returns>null, or what is wrong, in words for the user.</returns>
    public string? Fault() => Kind switch
    {
        _ when Labels.Count > 1_000_000 => $"{Labels.Count} labels are more than 1000000",
        _ when DenseSize is not null && !HasDense => "dense_size without a dense layer",
        _ when DenseSize is < 1 or > 65_536 => $"dense_size {DenseSize} is outside of 1 to 65536",
        _ when DenseActivation == Activation.Sigmoid => "no head is computed with dense_activation sigmoid",
        _ when Pooling > Pooling.Max => $"no head pools by {JsonName.Of(Pooling)}",
        _ when Labels.Any(label => label is null) => "a label is null",
        _ when Labels.Distinct(StringComparer.Ordinal).Count() != Labels.Count => "two labels have the same name",
        _ when ScoreActivation is not null && (Kind != HeadKind.SequenceClassification || Labels.Count != 1) =>
            "score_activation is for a sequence classifier with one output",
        _ when ScoreActivation is not (null or Activation.Identity or Activation.Sigmoid) =>
            $"score_activation {JsonName.Of(ScoreActivation.Value)} is neither identity nor sigmoid",
        _ when MaxTokens is < LeastTokens or > MostTokens =>
            $"max_tokens {MaxTokens} is outside of {LeastTokens} to {MostTokens}",
        _ when Calibration?.Fault(this) is { } fault => fault,
        HeadKind.SequenceClassification when ProblemType == ProblemType.Regression && Labels.Count != 1 =>
            $"a regression has one output, not {Labels.Count}",
        HeadKind.SequenceClassification or HeadKind.TokenClassification when Labels.Count == 0 =>
            "a classifier without labels",
        HeadKind.QuestionAnswering when Labels.Count is not (0 or 2) =>
            $"question answering has 2 outputs, not {Labels.Count}",
        HeadKind.SequenceClassification or HeadKind.MultipleChoice => null,
        _ when HasDense => "only sequence classification and multiple choice have a dense layer",
        _ => null,
    };
}
