using System.Text.Json;
using System.Text.Unicode;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>The JSON of the header: name → dtype, shape, data_offsets; strictly.</summary>
internal sealed partial class SafetensorsHeader
{
    private void ParseJson(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json[0] != '{') throw Fault("offset 8", "the header does not start with '{'");
        if (!Utf8.IsValid(json)) throw Fault("header", "not valid UTF-8");
        // Depth: header, tensor, shape.
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 3 });
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                if (!names.Add(name)) throw Fault($"tensor '{name}'", "the name occurs twice");
                reader.Read();
                if (name == "__metadata__") ReadMetadata(ref reader);
                else ReadTensor(ref reader, name);
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
        if (reader.TokenType != JsonTokenType.StartObject) throw Fault("__metadata__", "not an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) throw Fault($"__metadata__ '{key}'", "not a string");
            if (!Metadata.TryAdd(key, reader.GetString()!))
                throw Fault($"__metadata__ '{key}'", "the key occurs twice");
        }
    }

    private void ReadTensor(ref Utf8JsonReader reader, string name)
    {
        string place = $"tensor '{name}'";
        if (reader.TokenType != JsonTokenType.StartObject) throw Fault(place, "not an object");
        string? dtype = null;
        List<long>? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            switch (key)
            {
                case "dtype" when dtype is null && reader.TokenType == JsonTokenType.String:
                    dtype = reader.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, place, key, Shapes.MaxRank);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, place, key, 2);
                    break;
                default:
                    throw Fault(place, $"'{key}' is unknown, repeated or of the wrong kind");
            }
        }
        if (dtype is null || shape is null || offsets is not { Count: 2 })
            throw Fault(place, "needs dtype, shape and two data_offsets");
        ranges.Add(Check(place, name, dtype, shape, offsets[0], offsets[1]));
    }

    private List<long> ReadNumbers(ref Utf8JsonReader reader, string place, string key, int most)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw Fault(place, $"{key} is not an array");
        List<long> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
                throw Fault(place, $"{key} holds something else than whole numbers from 0 to 2^63 - 1");
            if (numbers.Count == most) throw Fault(place, $"{key} has more than {most} entries");
            numbers.Add(number);
        }
        return numbers;
    }

    private SafetensorsRange Check(string place, string name, string dtype, List<long> shape, long begin, long end)
    {
        if (!SafetensorsTypes.TryParse(dtype, out ElementType type, out int bits))
            throw Fault(place, $"unknown dtype '{dtype}'");
        if (!Shapes.TryCount(shape, bits, out long count)) throw Fault(place, "the shape's size overflows");
        if (begin > end) throw Fault(place, $"data_offsets [{begin}, {end}) run backwards");
        if (count * bits % 8 != 0 || count * bits / 8 != end - begin)
            throw Fault(place, $"{count} elements of {dtype} do not take the {end - begin} bytes of data_offsets");
        TensorEntry tensor = new(name, type, shape.AsReadOnly())
        {
            StoredType = type == ElementType.Other ? dtype : null,
        };
        return new SafetensorsRange(tensor, begin, end);
    }
}
