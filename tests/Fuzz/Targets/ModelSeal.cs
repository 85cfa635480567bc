using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Fuzz.Targets;

/// <summary>
/// Gives a model file the hashes and the header's length that its content has, so that readers look behind them.
/// </summary>
internal static class ModelSeal
{
    private const int Alignment = 64;

    public static unsafe byte[] Seal(byte[] model)
    {
        byte[] done = Framed(model);
        if (done.Length == 0)
            return done;   // it has no first byte
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

    // A header ends where its JSON does, and the data begin at the next multiple of 64.
    private static byte[] Framed(byte[] model)
    {
        if (model.Length <= sizeof(long))
            return [.. model];
        Utf8JsonReader json = new(model.AsSpan(sizeof(long)), isFinalBlock: false, default);
        try
        {
            if (!json.Read() || !json.TrySkip())
                return [.. model];
        }
        catch (JsonException)
        {
            return [.. model];
        }
        int end = sizeof(long) + (int)json.BytesConsumed, start = (end + Alignment - 1) / Alignment * Alignment;
        ReadOnlySpan<byte> data = model.AsSpan(end).TrimStart((byte)' ');
        byte[] framed = [.. model.AsSpan(0, end), .. Enumerable.Repeat((byte)' ', start - end), .. data];
        BinaryPrimitives.WriteInt64LittleEndian(framed, start - sizeof(long));
        return framed;
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
