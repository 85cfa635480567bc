using GauRuntime.Weights.ModelFile;

namespace GauRuntime.TestSupport;

/// <summary>Model files of a few kilobytes, and the parts that descriptions of test models share.</summary>
internal static class TinyModel
{
    public static HeadConfig NoHead { get; } = new()
    {
        Kind = HeadKind.MaskedLm, Labels = [], Pooling = Pooling.First, HasDense = false,
        DenseActivation = Activation.Identity, ProblemType = ProblemType.SingleLabel, Segments = SegmentPolicy.Zeros,
    };

    public static HeadConfig Sequence { get; } =
        NoHead with { Kind = HeadKind.SequenceClassification, Labels = ["a", "b", "c"] };

    /// <summary>One output: the score of a pair, as reranking takes it.</summary>
    public static HeadConfig CrossEncoder { get; } = Sequence with
    {
        Labels = ["score"], ProblemType = ProblemType.Regression, Segments = SegmentPolicy.Pairs,
    };

    /// <summary>The head of a kind that the PyTorch port of an architecture has.</summary>
    public static HeadConfig HeadOf(Architecture architecture, HeadKind kind)
    {
        ArchitectureTraits traits = ArchitectureTraits.Of(architecture);
        bool ofTexts = kind == HeadKind.SequenceClassification;
        bool pooler = traits.Sequences == SequenceHead.Pooler && (ofTexts || kind == HeadKind.MultipleChoice);
        bool own = traits.Sequences == SequenceHead.OwnDense && ofTexts;
        return NoHead with
        {
            Kind = kind, Labels = ofTexts || kind == HeadKind.TokenClassification ? ["O", "B-x", "I-x"] : [],
            HasDense = pooler || own,
            DenseActivation = pooler ? Activation.Tanh : own ? ActivationOf(traits) : Activation.Identity,
            Segments = traits.HasLayerNorm ? SegmentPolicy.Pairs : SegmentPolicy.Zeros,
        };
    }

    /// <summary>A cross-encoder of an architecture.</summary>
    public static HeadConfig CrossEncoderOf(Architecture architecture) =>
        HeadOf(architecture, HeadKind.SequenceClassification) with
        {
            Labels = CrossEncoder.Labels, ProblemType = CrossEncoder.ProblemType, Segments = CrossEncoder.Segments,
        };

    /// <summary>A small model of any architecture, as its entry in the table says.</summary>
    public static ModelConfig ConfigOf(
        Architecture architecture, int v, int h = 16, int e = 32, int heads = 2, int layers = 2)
    {
        ArchitectureTraits traits = ArchitectureTraits.Of(architecture);
        return GauConfig(v, h, e, h / heads, layers) with
        {
            Architecture = architecture, HeadCount = traits.OneHead ? 1 : heads, HiddenAct = ActivationOf(traits),
            Normalization = traits.DefaultNormalization, UseBias = traits.Biases == BiasUse.Always,
            PositionCount = traits.LearnsPositions ? 1200 : 0, MaskedLmTransform = traits.TransformsMaskedLm,
        };
    }

    public static ModelConfig GauConfig(int v, int h, int e, int s, int layers = 2) => new()
    {
        Architecture = Architecture.GauAlpha, VocabSize = v, HiddenSize = h, IntermediateSize = e, LayerCount = layers,
        SegmentCount = 2, HeadCount = 1, KeySize = s, HiddenAct = Activation.Swish,
        Normalization = Normalization.SoftmaxPlus, AttentionScale = true, UseBias = false, Eps = 1e-12, MinKeys = 1,
        FirstAlwaysKey = false, PadTokenId = 0, Dialect = Dialect.Port,
    };

    public static ModelDescription Describe(ModelConfig config, HeadConfig head, IReadOnlyList<string> vocabulary) =>
        new()
    {
        Config = config,
        Head = head,
        Tokenizer = new TokenizerConfig { LowerCase = true, Rules = config.Dialect },
        Vocabulary = vocabulary,
        Provenance = new Provenance
        {
            SourceKind = "test", SourceSha256 = "", Converter = "test", Options = "", Date = "2026-01-01",
        },
    };

    /// <summary>The mean as it is, without prompts: what a test changes.</summary>
    public static EmbeddingConfig Embedding { get; } = new()
    {
        Poolings = [Pooling.Mean], Steps = [], IncludePrompt = true, Prompts = [], Similarity = Similarity.Cosine,
    };

    /// <summary>A step with a dense layer.</summary>
    public static EmbeddingStep Dense(int size, Activation activation, bool bias = true) =>
        new() { Dense = new EmbeddingDense(size, activation, bias) };

    /// <summary>The step that scales to length 1.</summary>
    public static EmbeddingStep Normalize { get; } = new() { Normalize = true };

    /// <summary>
    /// Writes a model, of GAU-α unless told, with seeded random weights and the vocabulary of
    /// <c>tests/fixtures/gau-tiny</c>. With a head it has a masked LM only where every model of its architecture does.
    /// </summary>
    /// <param name="path">Where to.</param>
    /// <param name="head">The head.</param>
    /// <param name="change">Changes the weights of a tensor after the draw.</param>
    /// <param name="attention">How attention multiplies.</param>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="dialect">Whose rules it follows.</param>
    /// <param name="embedding">How it makes vectors.</param>
    /// <param name="architecture">The encoder.</param>
    /// <param name="positions">Learned positions: then it is a BERT, without a masked LM.</param>
    public static void Write(
        string path, HeadConfig head, Action<string, Span<float>>? change = null,
        AttentionType attention = AttentionType.F32, string[]? vocabulary = null, Dialect dialect = Dialect.Port,
        EmbeddingConfig? embedding = null, Architecture architecture = Architecture.GauAlpha, int? positions = null)
    {
        vocabulary ??= File.ReadAllLines(Fixtures.Gau("vocab.txt"));
        ModelConfig config = ConfigOf(positions is null ? architecture : Architecture.Bert, vocabulary.Length);
        config = config with
        {
            Attention = attention, Dialect = dialect, PositionCount = positions ?? config.PositionCount,
            MaskedLmTransform = config.MaskedLmTransform && head.Kind == HeadKind.MaskedLm && positions is null,
        };
        Random random = new(7);
        ModelFileWriter.Write(path, Describe(config, head, vocabulary) with { Embedding = embedding }, WeightType.F32, 0, (spec, weights) =>
        {
            foreach (ref float weight in weights)
                weight = (float)(2 * random.NextDouble() - 1);
            change?.Invoke(spec.Name, weights);
        });
    }

    private static Activation ActivationOf(ArchitectureTraits traits) => traits.DefaultActivation ?? Activation.Relu;
}
