using System.Text.Json;
using GauRuntime.Scoring.Formats;

namespace GauRuntime.Scoring.Comparison;

/// <summary>Single values of a result's JSON; the reader stands on the value before and after.</summary>
internal static class JsonScalars
{
    public static string Text(ref Utf8JsonReader reader, string field) =>
        reader.TokenType == JsonTokenType.String
            ? reader.GetString()!
            : throw Unexpected(ref reader, field, "a string");

    /// <summary>A number as the 32-bit float that was written.</summary>
    public static float Number(ref Utf8JsonReader reader, string field)
    {
        if (reader.TokenType != JsonTokenType.Number)
            throw Unexpected(ref reader, field, "a number");
        if (!reader.TryGetSingle(out float value) || !float.IsFinite(value))
            throw new ResultFault($"field '{field}': a number beyond those of 32 bits");
        return value;
    }

    /// <summary>A whole number from 0.</summary>
    public static long Whole(ref Utf8JsonReader reader, string field)
    {
        if (reader.TokenType != JsonTokenType.Number)
            throw Unexpected(ref reader, field, "a number");
        if (!reader.TryGetInt64(out long value) || value < 0)
            throw new ResultFault($"field '{field}': expected a whole number of at least 0");
        return value;
    }

    public static bool Flag(ref Utf8JsonReader reader, string field) =>
        reader.TokenType is JsonTokenType.True or JsonTokenType.False
            ? reader.GetBoolean()
            : throw Unexpected(ref reader, field, "true or false");

    public static ResultFault Unexpected(ref Utf8JsonReader reader, string field, string expected) =>
        new($"field '{field}': expected {expected}, found {JsonRecord.Kind(reader.TokenType)}");
}
