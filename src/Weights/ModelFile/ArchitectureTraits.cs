namespace GauRuntime.Weights.ModelFile;

/// <summary>What a layer is made of.</summary>
internal enum LayerKind
{
    /// <summary>A gated attention unit.</summary>
    GatedAttention,

    /// <summary>Attention with several heads, and a feed-forward network.</summary>
    AttentionFfn,
}

/// <summary>Whether dense layers have biases.</summary>
internal enum BiasUse
{
    Never,
    AsConfigured,
    Always,
}

/// <summary>How the PyTorch ports read a text from its hidden states, to classify it.</summary>
internal enum SequenceHead
{
    /// <summary>A summary of the tokens as the configuration says, maybe through a dense layer.</summary>
    Summary,

    /// <summary>A dense layer of its own, with the encoder's activation, on the first token.</summary>
    OwnDense,

    /// <summary>The pooler, a dense layer with tanh on the first token, which multiple choice reads too.</summary>
    Pooler,
}

/// <summary>What the encoders differ in: an entry for each. Whatever tells them apart asks it.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed record ArchitectureTraits
{
    private static readonly Activation[] SwishOrRelu = [Activation.Swish, Activation.Relu];
    private static readonly string[] ProjectedTogether = ["attention.query", "attention.key", "attention.value"];

    private static readonly ArchitectureTraits[] Entries =
    [
        new()
        {
            Architecture = Architecture.GauAlpha, Title = "GAU-α", ModelType = "gau_alpha", ClassPrefix = "GAUAlpha",
            TensorFlowScope = "GAU_alpha", FirstProduct = "gau.i_dense", KerasLayer = "GatedAttentionUnit",
            Layer = LayerKind.GatedAttention, OneHead = true, Biases = BiasUse.AsConfigured, StoredAlike = [],
            Activations = SwishOrRelu,
            DefaultActivation = Activation.Swish, DefaultNormalization = Normalization.SoftmaxPlus,
            PaddingIsMasked = true, Sequences = SequenceHead.Summary,
            ValueSize = config => config.IntermediateSize, LayerTensors = ModelTensors.GatedAttentionUnit,
            LayerWeights = (h, e, keys) => h * (2 * e + keys) + h * e, KeyWeights = (h, e, keys) => h * (e + keys),
            QueryWeights = (h, e, keys) => h * (e + keys) + h * e,
        },
        new()
        {
            Architecture = Architecture.RoFormerV2, Title = "RoFormerV2", ModelType = "roformer",
            ClassPrefix = "RoFormer", TensorFlowScope = "bert", FirstProduct = "attention.query",
            KerasLayer = "MultiHeadSelfAttention", Layer = LayerKind.AttentionFfn, OneHead = false,
            Biases = BiasUse.Never, StoredAlike = ProjectedTogether, Activations = SwishOrRelu,
            DefaultActivation = null, DefaultNormalization = Normalization.Softmax, PaddingIsMasked = false,
            Sequences = SequenceHead.OwnDense,
            ValueSize = config => config.HeadSize, LayerTensors = ModelTensors.AttentionFfn,
            LayerWeights = (h, e, keys) => 2 * h * keys + 2 * h * h + 2 * h * e,
            KeyWeights = (h, e, keys) => h * keys + h * h,
            QueryWeights = (h, e, keys) => h * keys + h * h + 2 * h * e,
        },
        LikeBert(Architecture.Bert, "BERT", "bert", "Bert"),
        LikeBert(Architecture.RoFormer, "RoFormer", "roformer", "RoFormer"),
    ];

    private static ArchitectureTraits LikeBert(Architecture architecture, string title, string model, string prefix) =>
        new()
        {
            Architecture = architecture, Title = title, ModelType = model, ClassPrefix = prefix,
            TensorFlowScope = "bert", FirstProduct = "attention.query", KerasLayer = "MultiHeadSelfAttention",
            Layer = LayerKind.AttentionFfn, OneHead = false, Biases = BiasUse.Always, StoredAlike = ProjectedTogether,
            Activations =
            [
                Activation.Swish, Activation.Relu, Activation.Gelu, Activation.GeluTanh, Activation.Tanh,
                Activation.Identity,
            ],
            DefaultActivation = Activation.Gelu, DefaultNormalization = Normalization.Softmax, PaddingIsMasked = false,
            Sequences = architecture == Architecture.Bert ? SequenceHead.Pooler : SequenceHead.OwnDense,
            HasLayerNorm = true, TransformsMaskedLm = true, LearnsPositions = architecture == Architecture.Bert,
            ValueSize = config => config.HeadSize, LayerTensors = ModelTensors.AttentionFfn,
            LayerWeights = (h, e, keys) => 2 * h * keys + 2 * h * h + 2 * h * e,
            KeyWeights = (h, e, keys) => h * keys + h * h,
            QueryWeights = (h, e, keys) => h * keys + h * h + 2 * h * e,
        };

    /// <summary>All entries, in the order of <see cref="ModelFile.Architecture"/>.</summary>
    public static IReadOnlyList<ArchitectureTraits> All => Entries;

    /// <summary>The encoder; model files call it as <see cref="JsonName"/> says.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>What readers call it.</summary>
    public required string Title { get; init; }

    /// <summary><c>model_type</c> of a checkpoint's configuration.</summary>
    public required string ModelType { get; init; }

    /// <summary>What the names of the PyTorch classes begin with, as <c>architectures</c> has them.</summary>
    public required string ClassPrefix { get; init; }

    /// <summary>What the names of a TensorFlow checkpoint's layers begin with.</summary>
    public required string TensorFlowScope { get; init; }

    /// <summary>The matrix of a layer that a checkpoint is recognised by.</summary>
    public required string FirstProduct { get; init; }

    /// <summary>The Keras layer that a checkpoint is recognised by.</summary>
    public required string KerasLayer { get; init; }

    /// <summary>What its layers are made of.</summary>
    public required LayerKind Layer { get; init; }

    /// <summary>The tensors of a layer, in order.</summary>
    public required Func<ModelConfig, int, IEnumerable<TensorSpec>> LayerTensors { get; init; }

    /// <summary>The number of a layer's weights by h, e and the width of q of all heads, biases left out.</summary>
    public required Func<long, long, long, long> LayerWeights { get; init; }

    /// <summary>Of these, those that keys and values are made with.</summary>
    public required Func<long, long, long, long> KeyWeights { get; init; }

    /// <summary>
    /// Those that everything else is made with. What both need counts in both: whoever computes them apart multiplies
    /// with it twice.
    /// </summary>
    public required Func<long, long, long, long> QueryWeights { get; init; }

    /// <summary>Parts of a layer that one quantized input serves, so that they are stored the same way.</summary>
    public required IReadOnlyList<string> StoredAlike { get; init; }

    /// <summary>Width of a head's values.</summary>
    public required Func<ModelConfig, int> ValueSize { get; init; }

    /// <summary>Whether attention has always one head.</summary>
    public required bool OneHead { get; init; }

    /// <summary>Whether its dense layers have biases.</summary>
    public required BiasUse Biases { get; init; }

    /// <summary>Whether its norms are LayerNorm with γ and β; else RMS without parameters.</summary>
    public bool HasLayerNorm { get; init; }

    /// <summary>Whether positions are learned vectors; else rotations of q and k.</summary>
    public bool LearnsPositions { get; init; }

    /// <summary>Whether the masked LM has a dense layer, a norm and a bias before the word embeddings.</summary>
    public bool TransformsMaskedLm { get; init; }

    /// <summary>Whether embeddings can have another width than h, and values be rotated.</summary>
    public bool HasVariants => HasLayerNorm && !LearnsPositions;

    /// <summary>What <c>hidden_act</c> can be.</summary>
    public required IReadOnlyList<Activation> Activations { get; init; }

    /// <summary>What <c>hidden_act</c> is where Hugging Face's configuration does not say; null: it must.</summary>
    public required Activation? DefaultActivation { get; init; }

    /// <summary>What <c>normalization</c> is where a configuration does not say.</summary>
    public required Normalization DefaultNormalization { get; init; }

    /// <summary>Whether the PyTorch port masks the padding id where no mask is given.</summary>
    public required bool PaddingIsMasked { get; init; }

    /// <summary>How the PyTorch port classifies texts.</summary>
    public required SequenceHead Sequences { get; init; }

    /// <summary>What readers call all of them, the last after a word.</summary>
    public static string Titles(string conjunction) =>
        $"{string.Join(", ", Entries[..^1].Select(entry => entry.Title))} {conjunction} {Entries[^1].Title}";

    /// <summary>The one of some encoders, whose products are in a checkpoint, that the checkpoint is of.</summary>
    /// <param name="products">Those whose products were found.</param>
    /// <param name="norms">Whether norms have weights.</param>
    /// <param name="positions">Whether positions are learned.</param>
    /// <param name="fault">What is wrong where there are products; or null.</param>
    /// <returns>null where there is none.</returns>
    public static ArchitectureTraits? Recognise(
        IEnumerable<ArchitectureTraits> products, bool norms, bool positions, out string? fault)
    {
        ArchitectureTraits[] found = [.. products];
        ArchitectureTraits[] layers = [.. found.DistinctBy(entry => entry.Layer)];
        fault = layers.Length > 1
            ? $"tensors of both {string.Join(" and ", layers.Select(entry => entry.Title))}" : null;
        if (layers.Length != 1)
            return null;
        if (found.Length > 1)
            found = [.. found.Where(entry => entry.HasLayerNorm == norms && entry.LearnsPositions == positions)];
        if (found is [var only])
            return only;
        fault = "learned positions, but no norms with weights: such an encoder is not supported";
        return null;
    }

    /// <summary>The entry of an encoder.</summary>
    public static ArchitectureTraits Of(Architecture architecture) => Entries[(int)architecture];
}
