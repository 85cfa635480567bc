using System.IO.Hashing;
using System.Text;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Fuzz.Targets;

/// <summary>Gives a model file the hashes that its content has, so that readers look behind them.</summary>
internal static class ModelSeal
{
    public static unsafe byte[] Seal(byte[] model)
    {
        byte[] done = [.. model];
        try
        {
            fixed (byte* first = done)
            {
                using SafetensorsFile file = SafetensorsFile.Open(first, done.Length, "model");
                XxHash128 data = new();
                foreach (TensorEntry tensor in file.Tensors)
                    data.Append(file.Span(tensor));
                Dictionary<string, string> metadata = new(file.Metadata);
                Replace(done, metadata, ModelMetadata.Hash, ModelMetadata.Hex(data));
                if (ModelMetadata.WithZero(metadata) is null)
                    Replace(done, metadata, ModelMetadata.MetadataHash, ModelMetadata.HashOf(metadata));
            }
        }
        catch (GauFormatException)
        {
            // No container, so nothing to seal.
        }
        return done;
    }

    private static void Replace(byte[] model, Dictionary<string, string> metadata, string key, string hash)
    {
        if (!metadata.TryGetValue(key, out string? before) || before.Length != hash.Length)
            return;
        int at = model.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"\"{before}\""));
        if (at < 0)
            return;
        Encoding.UTF8.GetBytes(hash).CopyTo(model, at + 1);
        metadata[key] = hash;
    }
}
