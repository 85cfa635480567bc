using System.Text.Json;

namespace GauRuntime.Scoring.Records;

/// <summary>Finds a field of a JSON object without reading any.</summary>
internal static class JsonField
{
    /// <summary>Whether an object has a field, or so much of it as can be read.</summary>
    public static bool IsIn(ReadOnlySpan<byte> json, string name)
    {
        try
        {
            // No name changes by that.
            if (JsonNumbers.Tame(json) is { } tame)
                json = tame;
            Utf8JsonReader reader = new(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (IsNamed(ref reader, name))
                    return true;
                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // What stood before has been looked at.
        }
        return false;
    }

    private static bool IsNamed(ref Utf8JsonReader reader, string name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;   // half of a surrogate pair
        }
    }
}
