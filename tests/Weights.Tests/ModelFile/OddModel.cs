using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Weights.Tests.ModelFile;

/// <summary>A model with biases and sizes that are no multiples of anything, of seeded random weights.</summary>
internal static class OddModel
{
    public static ModelDescription Description { get; } = TinyModel.Describe(
        TinyModel.GauConfig(v: 7, h: 5, e: 6, s: 4) with { UseBias = true },
        TinyModel.Sequence with { Labels = ["好", "坏"] },
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "今", "\"天\\"]);

    public static float[] Weights(TensorSpec spec)
    {
        Random random = new(spec.Name.Length + spec.Rows);
        return [.. Enumerable.Range(0, spec.Rows * spec.Columns).Select(_ => (float)(random.NextDouble() * 2 - 1))];
    }

    public static string Write(
        TemporaryFolder folder, WeightType type = WeightType.Int8, int block = 32, ModelDescription? description = null)
    {
        string path = folder.Path($"{type}.safetensors");
        ModelFileWriter.Write(path, description ?? Description, type, block, (spec, w) => Weights(spec).CopyTo(w));
        return path;
    }
}
