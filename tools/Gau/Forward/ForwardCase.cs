using System.Text.Json;
using GauRuntime.Weights;

namespace GauRuntime.Cli.Forward;

/// <summary>
/// The input of a raw forward pass: ids with optional segments and mask, all of one shape [B, n] or [B, C, n].
/// </summary>
internal sealed record ForwardCase(string File, NestedNumbers Ids, NestedNumbers? Segments, NestedNumbers? Mask)
{
    /// <summary>
    /// Reads the keys <c>input_ids</c>, <c>token_type_ids</c> and <c>attention_mask</c> of a JSON object; others are
    /// skipped.
    /// </summary>
    /// <exception cref="GauFormatException">It is malformed; the message tells where.</exception>
    public static ForwardCase Parse(ReadOnlySpan<byte> json, string file)
    {
        try
        {
            Dictionary<string, NestedNumbers> arrays = ReadArrays(json, file);
            if (!arrays.TryGetValue("input_ids", out NestedNumbers? ids))
                throw new GauFormatException(file, "input_ids", "missing");
            if (ids.Shape.Length < 2)
                throw new GauFormatException(file, "input_ids", "expected [batch, tokens] or [batch, choices, tokens]");
            return new ForwardCase(
                file, ids, SameShape(arrays, "token_type_ids", ids, file),
                SameShape(arrays, "attention_mask", ids, file));
        }
        catch (JsonException e)
        {
            throw new GauFormatException(file, $"line {e.LineNumber + 1}, byte {e.BytePositionInLine}", "not JSON", e);
        }
        catch (InvalidOperationException e)
        {
            throw new GauFormatException(file, "a key", "not valid text", e);
        }
    }

    private static Dictionary<string, NestedNumbers> ReadArrays(ReadOnlySpan<byte> json, string file)
    {
        Utf8JsonReader reader = new(json.StartsWith("\uFEFF"u8) ? json[3..] : json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new GauFormatException(file, "byte 0", "expected a JSON object");
        Dictionary<string, NestedNumbers> arrays = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (name is not ("input_ids" or "token_type_ids" or "attention_mask")
                || reader.TokenType == JsonTokenType.Null)
                reader.Skip();
            else if (!arrays.TryAdd(name, NestedNumbers.Read(ref reader, name, file)))
                throw new GauFormatException(file, name, "stands there twice");
        }
        reader.Read(); // anything after the object is an error
        return arrays;
    }

    private static NestedNumbers? SameShape(
        Dictionary<string, NestedNumbers> arrays, string name, NestedNumbers ids, string file)
    {
        if (!arrays.TryGetValue(name, out NestedNumbers? array))
            return null;
        if (!array.Shape.AsSpan().SequenceEqual(ids.Shape))
            throw new GauFormatException(
                file, name, $"[{string.Join(", ", array.Shape)}] where input_ids is [{string.Join(", ", ids.Shape)}]");
        return array;
    }
}
