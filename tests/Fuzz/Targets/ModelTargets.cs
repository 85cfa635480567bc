using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Fuzz.Targets;

/// <summary>Model files, up to the hidden states of a text: what is accepted is computed with.</summary>
internal static class ModelTargets
{
    private static readonly string[] Tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "一", "a", "##a", "b"];

    public static IEnumerable<FuzzTarget> All =>
    [
        new("model", Seeds, input => Compute(input.File("model.safetensors")))
        {
            // A loaded model brings the tables of its tokenizer.
            FixedBytes = 8 << 20,
        },
        new("model-sealed", Seeds, input => Compute(input.File("model.safetensors", ModelSeal.Seal(input.Bytes))))
        {
            FixedBytes = 8 << 20,
        },
    ];

    private static IEnumerable<byte[]> Seeds() =>
    [
        Write(TinyModel.GauConfig(Tokens.Length, 8, 16, 4), TinyModel.NoHead, WeightType.F32),
        Write(
            TinyModel.GauConfig(Tokens.Length, 32, 32, 16) with { Attention = AttentionType.Int8 }, TinyModel.Sequence,
            WeightType.Int8),
        .. ArchitectureTraits.All.Select(entry => Write(
            TinyModel.ConfigOf(entry.Architecture, Tokens.Length, layers: 1) with
            {
                PositionCount = entry.LearnsPositions ? 16 : 0, MaskedLmTransform = false,
            },
            TinyModel.HeadOf(entry.Architecture, HeadKind.TokenClassification), WeightType.F32)),
    ];

    private static byte[] Write(ModelConfig config, HeadConfig head, WeightType type)
    {
        using TemporaryFolder folder = new();
        string path = folder.Path("model.safetensors");
        Random random = new(7);
        ModelFileWriter.Write(path, TinyModel.Describe(config, head, Tokens), type, 32, (_, weights) =>
        {
            foreach (ref float weight in weights)
                weight = (float)(2 * random.NextDouble() - 1);
        });
        return File.ReadAllBytes(path);
    }

    private static void Compute(string path)
    {
        using GauModel model = GauModel.Load(path, maxConcurrency: 1);
        using GauWorkspace workspace = new(model);
        GauBatch batch = new();
        int last = model.Config.VocabSize - 1;
        int[] text = [.. new[] { 0, last, last / 2 }.Take(model.MaxTokens)];
        batch.Add(text);
        GauEncoder.Forward(model, batch, workspace);
        _ = workspace.Hidden(text.Length - 1)[0];
    }
}
