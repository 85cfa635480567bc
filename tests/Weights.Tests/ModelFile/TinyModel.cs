using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Weights.Tests.ModelFile;

/// <summary>A model of a few kilobytes with seeded random weights.</summary>
internal static class TinyModel
{
    public static ModelDescription Description { get; } = new()
    {
        Config = new ModelConfig
        {
            Architecture = Architecture.GauAlpha, VocabSize = 7, HiddenSize = 5, IntermediateSize = 6, LayerCount = 2, KeySize = 4,
            HeadCount = 1, SegmentCount = 2, HiddenAct = Activation.Swish, Normalization = Normalization.SoftmaxPlus,
            AttentionScale = true, UseBias = true, Eps = 1e-12, MinKeys = 1, FirstAlwaysKey = false, PadTokenId = 0, Dialect = Dialect.Port,
        },
        Head = new HeadConfig
        {
            Kind = HeadKind.SequenceClassification, Labels = ["好", "坏"], Pooling = Pooling.First, HasDense = false,
            DenseActivation = Activation.Identity, ProblemType = ProblemType.SingleLabel, Segments = SegmentPolicy.Zeros,
        },
        Tokenizer = new TokenizerConfig { LowerCase = true, Rules = Dialect.Port },
        Vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "今", "\"天\\"],
        Provenance = new Provenance { SourceKind = "test", SourceSha256 = "", Converter = "test", Options = "", Date = "2026-01-01" },
    };

    public static float[] Weights(TensorSpec spec)
    {
        Random random = new(spec.Name.Length + spec.Rows);
        return [.. Enumerable.Range(0, spec.Rows * spec.Columns).Select(_ => (float)(random.NextDouble() * 2 - 1))];
    }

    public static string Write(TemporaryFolder folder, WeightType type = WeightType.Int8, int block = 32, ModelDescription? description = null)
    {
        string path = folder.Path($"{type}.safetensors");
        ModelFileWriter.Write(path, description ?? Description, type, block, (spec, w) => Weights(spec).CopyTo(w));
        return path;
    }
}
