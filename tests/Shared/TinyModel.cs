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

    public static ModelConfig GauConfig(int v, int h, int e, int s, int layers = 2) => new()
    {
        Architecture = Architecture.GauAlpha, VocabSize = v, HiddenSize = h, IntermediateSize = e, LayerCount = layers,
        SegmentCount = 2, HeadCount = 1, KeySize = s, HiddenAct = Activation.Swish,
        Normalization = Normalization.SoftmaxPlus, AttentionScale = true, UseBias = false, Eps = 1e-12, MinKeys = 1,
        FirstAlwaysKey = false, PadTokenId = 0, Dialect = Dialect.Port,
    };

    /// <summary>BERT of the sizes of another model, with so many positions.</summary>
    public static ModelConfig BertLike(ModelConfig config, int positions) => config with
    {
        Architecture = Architecture.Bert, HeadCount = 2, KeySize = config.HiddenSize / 2, HiddenAct = Activation.Gelu,
        Normalization = Normalization.Softmax, UseBias = true, PositionCount = positions,
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
    /// Writes a GAU-α model, unless told, with seeded random weights and, unless told, the vocabulary of
    /// <c>tests/fixtures/gau-tiny</c>.
    /// </summary>
    /// <param name="path">Where to.</param>
    /// <param name="head">The head.</param>
    /// <param name="change">Changes the weights of a tensor after the draw.</param>
    /// <param name="attention">How attention multiplies.</param>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="dialect">Whose rules it follows.</param>
    /// <param name="embedding">How it makes vectors.</param>
    /// <param name="positions">Learned positions: then it is a BERT.</param>
    public static void Write(
        string path, HeadConfig head, Action<string, Span<float>>? change = null,
        AttentionType attention = AttentionType.F32, string[]? vocabulary = null, Dialect dialect = Dialect.Port,
        EmbeddingConfig? embedding = null, int? positions = null)
    {
        vocabulary ??= File.ReadAllLines(Fixtures.Gau("vocab.txt"));
        ModelConfig config = GauConfig(vocabulary.Length, h: 16, e: 32, s: 8) with
        {
            Attention = attention, Dialect = dialect,
        };
        if (positions is { } learned)
            config = BertLike(config, learned);
        Random random = new(7);
        ModelFileWriter.Write(path, Describe(config, head, vocabulary) with { Embedding = embedding }, WeightType.F32, 0, (spec, weights) =>
        {
            foreach (ref float weight in weights)
                weight = (float)(2 * random.NextDouble() - 1);
            change?.Invoke(spec.Name, weights);
        });
    }
}
