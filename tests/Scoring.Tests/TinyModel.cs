using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Scoring.Tests;

/// <summary>Model files of a few kilobytes with seeded random weights and the vocabulary of <c>tests/fixtures/gau-tiny</c>.</summary>
internal static class TinyModel
{
    public static HeadConfig Sequence { get; } = new()
    {
        Kind = HeadKind.SequenceClassification,
        Labels = ["a", "b", "c"],
        Pooling = Pooling.First,
        HasDense = false,
        DenseActivation = Activation.Identity,
        ProblemType = ProblemType.SingleLabel,
        Segments = SegmentPolicy.Zeros,
    };

    /// <summary>Writes a GAU-α model with that head.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="head">The head.</param>
    /// <param name="change">Changes the weights of a tensor after the draw.</param>
    public static void Write(string path, HeadConfig head, Action<string, Span<float>>? change = null)
    {
        string[] vocabulary = File.ReadAllLines(Fixtures.Path("gau-tiny", "vocab.txt"));
        ModelConfig config = new()
        {
            Architecture = Architecture.GauAlpha,
            VocabSize = vocabulary.Length,
            HiddenSize = 16,
            IntermediateSize = 32,
            LayerCount = 2,
            KeySize = 8,
            HeadCount = 1,
            SegmentCount = 2,
            HiddenAct = Activation.Swish,
            Normalization = Normalization.SoftmaxPlus,
            AttentionScale = true,
            UseBias = false,
            Eps = 1e-12,
            MinKeys = 1,
            FirstAlwaysKey = false,
            PadTokenId = 0,
            Dialect = Dialect.Port,
        };
        ModelDescription description = new()
        {
            Config = config,
            Head = head,
            Tokenizer = new TokenizerConfig { LowerCase = true, Rules = Dialect.Port },
            Vocabulary = vocabulary,
            Provenance = new Provenance { SourceKind = "test", SourceSha256 = "", Converter = "test", Options = "", Date = "2026-01-01" },
        };
        Random random = new(7);
        ModelFileWriter.Write(path, description, WeightType.F32, 0, (spec, weights) =>
        {
            foreach (ref float weight in weights)
                weight = (float)(2 * random.NextDouble() - 1);
            change?.Invoke(spec.Name, weights);
        });
    }

    public static GauModel Load(TemporaryFolder folder, HeadConfig head, Action<string, Span<float>>? change = null)
    {
        string path = folder.Path("model.safetensors");
        Write(path, head, change);
        return GauModel.Load(path);
    }
}
