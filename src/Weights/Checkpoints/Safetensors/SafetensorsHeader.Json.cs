using System.Text.Json;
using System.Text.Unicode;

namespace GauRuntime.Weights.Checkpoints;

/// <content>The JSON of the header: name → dtype, shape, data_offsets; strictly.</content>
/// <remarks>A header may name millions of empty tensors: nothing is kept of one but its name and its entry.</remarks>
internal sealed partial class SafetensorsHeader
{
    private void ParseJson(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json[0] != '{')
            throw Fault("offset 8", "the header does not start with '{'");
        if (!Utf8.IsValid(json))
            throw Fault("header", "not valid UTF-8");
        // Depth: header, tensor, shape.
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 3 });
        bool hasMetadata = false;
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                if (byName.ContainsKey(name))
                    throw Fault($"tensor '{name}'", "the name occurs twice");
                reader.Read();
                if (name != "__metadata__")
                    byName.Add(name, ReadTensor(ref reader, name));
                else if (hasMetadata)
                    throw Fault($"tensor '{name}'", "the name occurs twice");
                else
                    ReadMetadata(ref reader);
                hasMetadata |= name == "__metadata__";
            }
            reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escaped lone surrogate.
            throw new GauFormatException(path, $"offset {8 + reader.BytesConsumed}", "the header is not valid JSON", e);
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Fault("__metadata__", "not an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw Fault($"__metadata__ '{key}'", "not a string");
            if (!Metadata.TryAdd(key, reader.GetString()!))
                throw Fault($"__metadata__ '{key}'", "the key occurs twice");
        }
    }

    private SafetensorsRange ReadTensor(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw TensorFault(name, "not an object");
        Span<long> numbers = stackalloc long[Shapes.MaxRank], offsets = stackalloc long[2];
        string? dtype = null;
        long[]? shape = null;
        int bounds = -1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (dtype is null && reader.ValueTextEquals("dtype"u8))
            {
                reader.Read();
                dtype = reader.TokenType == JsonTokenType.String ? ReadType(ref reader) : throw Unknown(name, "dtype");
            }
            else if (shape is null && reader.ValueTextEquals("shape"u8))
                shape = numbers[..ReadNumbers(ref reader, name, "shape", numbers)].ToArray();
            else if (bounds < 0 && reader.ValueTextEquals("data_offsets"u8))
                bounds = ReadNumbers(ref reader, name, "data_offsets", offsets);
            else
                throw Unknown(name, reader.GetString()!);
        }
        return dtype is not null && shape is not null && bounds == 2
            ? Check(name, dtype, shape, offsets[0], offsets[1])
            : throw TensorFault(name, "needs dtype, shape and two data_offsets");
    }

    // Most tensors of a file have one type: one string serves them.
    private string ReadType(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals(lastType) ? lastType : lastType = reader.GetString()!;

    private int ReadNumbers(ref Utf8JsonReader reader, string name, string key, scoped Span<long> numbers)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
            throw TensorFault(name, $"{key} is not an array");
        int count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
                throw TensorFault(name, $"{key} holds something else than whole numbers from 0 to 2^63 - 1");
            if (count == numbers.Length)
                throw TensorFault(name, $"{key} has more than {numbers.Length} entries");
            numbers[count++] = number;
        }
        return count;
    }

    private SafetensorsRange Check(string name, string dtype, long[] shape, long begin, long end)
    {
        if (!SafetensorsTypes.TryParse(dtype, out ElementType type, out int bits))
            throw TensorFault(name, $"unknown dtype '{dtype}'");
        if (!Shapes.TryCount(shape, bits, out long count))
            throw TensorFault(name, "the shape's size overflows");
        if (begin > end)
            throw TensorFault(name, $"data_offsets [{begin}, {end}) run backwards");
        if (count * bits % 8 != 0 || count * bits / 8 != end - begin)
            throw TensorFault(name,
                $"{count} elements of {dtype} do not take the {end - begin} bytes of data_offsets");
        TensorEntry tensor = new(name, type, shape) { StoredType = type == ElementType.Other ? dtype : null };
        return new SafetensorsRange(tensor, begin, end);
    }

    private GauFormatException Unknown(string name, string key) =>
        TensorFault(name, $"'{key}' is unknown, repeated or of the wrong kind");

    private GauFormatException TensorFault(string name, string reason) => Fault($"tensor '{name}'", reason);
}
