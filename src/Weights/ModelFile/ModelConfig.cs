using System.Text.Json.Serialization;

namespace GauRuntime.Weights.ModelFile;

/// <summary>The encoders this runtime computes.</summary>
[JsonConverter(typeof(SnakeCaseEnum<Architecture>))]
public enum Architecture
{
    /// <summary>GAU-α: gated attention units, one head.</summary>
    GauAlpha,
    /// <summary>RoFormerV2: multi-head attention and a feed-forward network per layer.</summary>
    [JsonStringEnumMemberName("roformer_v2")]
    RoFormerV2,
    /// <summary>BERT, and so Chinese RoBERTa, MacBERT and others: learned positions, biases, LayerNorm.</summary>
    Bert,
    /// <summary>RoFormer, version 1: a BERT whose positions are rotations.</summary>
    [JsonStringEnumMemberName("roformer")]
    RoFormer,
}

/// <summary>How attention scores become weights.</summary>
[JsonConverter(typeof(SnakeCaseEnum<Normalization>))]
public enum Normalization
{
    /// <summary>softmax of S · log(max(l, min_keys)) / log 512, l the number of keys.</summary>
    SoftmaxPlus,
    /// <summary>softmax of S.</summary>
    Softmax,
    /// <summary>relu(S)² / l.</summary>
    SquaredRelu,
}

/// <summary>How attention multiplies: its products q·kᵀ and A·v, A being the weights of the keys.</summary>
[JsonConverter(typeof(SnakeCaseEnum<AttentionType>))]
public enum AttentionType
{
    /// <summary>Products of single-precision numbers.</summary>
    F32,
    /// <summary>q, k, A and v are quantized on the fly, in blocks of 64.</summary>
    Int8,
}

/// <summary>Element-wise functions of the layers and heads.</summary>
[JsonConverter(typeof(SnakeCaseEnum<Activation>))]
public enum Activation
{
    /// <summary>x.</summary>
    Identity,
    /// <summary>x / (1 + exp(−x)); also called silu.</summary>
    Swish,
    /// <summary>max(x, 0).</summary>
    Relu,
    /// <summary>tanh x.</summary>
    Tanh,
    /// <summary>x Φ(x) = x / 2 · (1 + erf(x / √2)).</summary>
    Gelu,
    /// <summary>x / 2 · (1 + tanh(√(2 / π) (x + 0.044715 x³))).</summary>
    GeluTanh,
    /// <summary>1 / (1 + exp(−x)); heads only.</summary>
    Sigmoid,
}

/// <summary>Which upstream's rules a model follows where they differ.</summary>
[JsonConverter(typeof(SnakeCaseEnum<Dialect>))]
public enum Dialect
{
    /// <summary>The PyTorch ports and Hugging Face's tokenizer.</summary>
    Port,
    /// <summary>bert4keras 0.11.5 and its tokenizer.</summary>
    Keras,
    /// <summary>google-research/bert and its tokenizer.</summary>
    Google,
}

/// <summary>Sizes and switches of an encoder: everything the forward pass needs but the weights.</summary>
/// <remarks>Stored as JSON under <c>gau.config</c> of a model file. Immutable.</remarks>
public sealed record ModelConfig
{
    private const int MaxRotaryValue = 256;   // columns of values that are computed at once

    /// <summary>Which encoder.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>V, tokens in the vocabulary.</summary>
    public required int VocabSize { get; init; }

    /// <summary>h, width of the hidden states.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>e, width of u and v (GAU-α) or of the feed-forward network.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>L, number of layers.</summary>
    public required int LayerCount { get; init; }

    /// <summary>s, width of q and k, per head; even.</summary>
    public required int KeySize { get; init; }

    /// <summary>H, number of attention heads; 1 for GAU-α.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Number of segment embeddings; 0: the model has none.</summary>
    public required int SegmentCount { get; init; }

    /// <summary>Width of the embeddings where it is not h (RoFormer only): a dense layer leads from it to h.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? EmbeddingSize { get; init; }

    /// <summary>Learned positions, so that no text has more tokens (BERT only); 0: positions are rotations.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int PositionCount { get; init; }

    /// <summary>Whether RoPE turns the values too (RoFormer only).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RotaryValue { get; init; }

    /// <summary>
    /// Activation of i_dense (GAU-α) or of the feed-forward network: swish or relu, in BERT and RoFormer also gelu in
    /// both forms, tanh and identity.
    /// </summary>
    public required Activation HiddenAct { get; init; }

    /// <summary>How attention scores become weights.</summary>
    public required Normalization Normalization { get; init; }

    /// <summary>How attention multiplies; where the JSON does not say, in F32.</summary>
    public AttentionType Attention { get; init; }

    /// <summary>Whether scores are divided by √s.</summary>
    public required bool AttentionScale { get; init; }

    /// <summary>Whether the dense layers, and q and k of GAU-α, have biases: BERT and RoFormer always.</summary>
    public required bool UseBias { get; init; }

    /// <summary>Whether the masked LM has a matrix of its own instead of the word embeddings.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool UntiedDecoder { get; init; }

    /// <summary>
    /// Whether the masked LM is there with its dense layer, norm and bias (BERT and RoFormer, which lack it otherwise).
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool MaskedLmTransform { get; init; }

    /// <summary>eps of every norm.</summary>
    public required double Eps { get; init; }

    /// <summary>eps of the masked LM's norm; null: <see cref="Eps"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MaskedLmEps { get; init; }

    /// <summary>softmax_plus counts at least this many keys.</summary>
    public required int MinKeys { get; init; }

    /// <summary>Whether position 0 is a key even where the mask or the padding id says otherwise.</summary>
    public required bool FirstAlwaysKey { get; init; }

    /// <summary>Id of the padding token, absent from the computation.</summary>
    public required int PadTokenId { get; init; }

    /// <summary>Whose rules the model follows, tokenizer included.</summary>
    public required Dialect Dialect { get; init; }

    /// <summary>d = h / H, width of a head's values.</summary>
    [JsonIgnore]
    public int HeadSize => HiddenSize / HeadCount;

    /// <summary>What its architecture says.</summary>
    internal ArchitectureTraits Traits => ArchitectureTraits.Of(Architecture);

    /// <summary>Width of a head's values: e in GAU-α, else d.</summary>
    internal int ValueSize => Traits.ValueSize(this);

    /// <summary>Columns that a head's values are stored in.</summary>
    internal int StoredValueSize => RotaryValue ? 2 * AxisLayout.Pad(HeadSize / 2) : AxisLayout.Pad(ValueSize);

    /// <summary>Width of the embeddings: h unless the model says otherwise.</summary>
    internal int EmbeddingWidth => EmbeddingSize ?? HiddenSize;

    /// <summary>Whether there is a masked LM.</summary>
    [JsonIgnore]
    public bool HasMaskedLm => MaskedLmTransform || !Traits.TransformsMaskedLm;

    /// <summary>Tokens that a text has at most; null: no limit of the model.</summary>
    [JsonIgnore]
    public int? MaxTokens => PositionCount > 0 ? PositionCount : null;

    /// <summary>Number of weights of the embeddings, layers and an untied decoder, biases left out.</summary>
    [JsonIgnore]
    public long WeightCount => ((UntiedDecoder ? 2 : 1) * (long)VocabSize + PositionCount) * EmbeddingWidth
        + ProjectionWeights + LayerCount * LayerWeights;

    /// <summary>Number of weights of the dense layer from the embeddings to h, bias left out; 0 without.</summary>
    internal long ProjectionWeights => EmbeddingSize is null ? 0 : (long)EmbeddingWidth * HiddenSize;

    /// <summary>Number of weights of a layer, biases left out.</summary>
    internal long LayerWeights => Count(Traits.LayerWeights);

    /// <summary>Number of a layer's weights that keys and values are made with.</summary>
    internal long KeyWeights => Count(Traits.KeyWeights);

    /// <summary>Number of a layer's weights that everything else is made with.</summary>
    internal long QueryWeights => Count(Traits.QueryWeights);

    /// <summary>Whether the sizes and switches belong to a model that this runtime computes.</summary>
    /// <returns>null, or what is wrong, in words for the user.</returns>
    public string? Fault()
    {
        if (VocabSize is < 1 or > 10_000_000)
            return $"vocab_size {VocabSize} is outside of 1 to 10000000";
        if (HiddenSize is < 1 or > 65_536)
            return $"hidden_size {HiddenSize} is outside of 1 to 65536";
        if (IntermediateSize is < 1 or > 262_144)
            return $"intermediate_size {IntermediateSize} is outside of 1 to 262144";
        if (LayerCount is < 1 or > 1000)
            return $"layer_count {LayerCount} is outside of 1 to 1000";
        if (KeySize is < 2 or > 4096 || KeySize % 2 != 0)
            return $"key size {KeySize} is no even number from 2 to 4096; RoPE turns pairs of features";
        if (HeadCount is < 1 or > 1024)
            return $"head_count {HeadCount} is outside of 1 to 1024";
        if (Traits.OneHead && HeadCount != 1)
            return $"{Traits.Title} has one head";
        if (HiddenSize % HeadCount != 0)
            return $"hidden_size {HiddenSize} is no multiple of the {HeadCount} heads";
        if (SegmentCount is < 0 or > 1024)
            return $"segment_count {SegmentCount} is outside of 0 to 1024";
        if (!Traits.Activations.Contains(HiddenAct))
            return $"hidden_act {JsonName.Of(HiddenAct)} is none that {Traits.Title} is computed with";
        if (UseBias && Traits.Biases == BiasUse.Never)
            return "use_bias is RoFormer v1, another architecture";
        if (!UseBias && Traits.Biases == BiasUse.Always)
            return $"{Traits.Title} has biases";
        if (Traits.LearnsPositions
            ? PositionCount is < HeadConfig.LeastTokens or > HeadConfig.MostTokens : PositionCount != 0)
            return $"position_count {PositionCount} is outside of " + (Traits.LearnsPositions
                ? $"{HeadConfig.LeastTokens} to {HeadConfig.MostTokens}" : $"0, and {Traits.Title} has rotations");
        if (EmbeddingSize is < 1 or > 65_536 || EmbeddingSize == HiddenSize)
            return $"embedding_size {EmbeddingSize} is outside of 1 to 65536, or hidden_size itself";
        if ((EmbeddingSize is not null || RotaryValue) && !Traits.HasVariants)
            return $"embedding_size and rotary_value are RoFormer's, and this is {Traits.Title}";
        if (RotaryValue && (KeySize != HeadSize || HeadSize > MaxRotaryValue))
            return $"rotary_value with heads of {HeadSize}: {MaxRotaryValue} is the most";
        if ((MaskedLmTransform || MaskedLmEps is not null) && !Traits.TransformsMaskedLm)
            return $"masked_lm_transform, and {Traits.Title} has none";
        if (MaskedLmEps is { } maskedLmEps && !(maskedLmEps >= 0 && maskedLmEps <= 1))
            return $"masked_lm_eps {MaskedLmEps} is outside of 0 to 1";
        if (UntiedDecoder && !HasMaskedLm)
            return "untied_decoder without a masked LM";
        if (!(Eps >= 0 && Eps <= 1))
            return $"eps {Eps} is outside of 0 to 1";
        if (MinKeys is < 1 or > 1_000_000)
            return $"min_keys {MinKeys} is outside of 1 to 1000000";
        if (PadTokenId < 0 || PadTokenId >= VocabSize)
            return $"pad_token_id {PadTokenId} is outside of the vocabulary";
        return null;
    }

    private long Count(Func<long, long, long, long> weights) =>
        weights(HiddenSize, IntermediateSize, (long)HeadCount * KeySize);
}
