using System.Text.Json;

namespace GauRuntime.Desktop.Table;

/// <summary>What of a row of results a table filters and sorts by.</summary>
/// <param name="Label">The label, or the choice, which stands for it; null: there is none.</param>
/// <param name="Score">The score or value; NaN: there is none.</param>
/// <param name="Tokens">Of the text.</param>
/// <param name="Flags">What else is known.</param>
internal readonly record struct RowFacts(string? Label, float Score, int Tokens, RowFlags Flags)
{
    /// <summary>Reads a row.</summary>
    /// <param name="row">An object of JSON, as <c>gau</c> writes it.</param>
    /// <exception cref="JsonException">It is none.</exception>
    /// <exception cref="InvalidOperationException">A value is of another type.</exception>
    public static RowFacts Of(ReadOnlySpan<byte> row)
    {
        Utf8JsonReader json = new(row, RowJson.Reading);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw new JsonException("no object");
        string? label = null;
        float score = float.NaN;
        int tokens = 0;
        RowFlags flags = RowFlags.Textless;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("label"u8) && json.Read())
                label = json.TokenType == JsonTokenType.Null ? null : json.GetString();
            else if (json.ValueTextEquals("choice"u8) && json.Read())
                label = json.GetInt32().ToString(System.Globalization.CultureInfo.InvariantCulture);
            else if ((json.ValueTextEquals("score"u8) || json.ValueTextEquals("value"u8)) && json.Read())
                score = json.TokenType == JsonTokenType.Null ? float.NaN : json.GetSingle();
            else if (json.ValueTextEquals("tokens"u8) && json.Read())
                tokens = json.GetInt32();
            else if (json.ValueTextEquals("truncated"u8) && json.Read())
                flags |= json.GetBoolean() ? RowFlags.Truncated : RowFlags.None;
            else if (json.ValueTextEquals("text"u8) && json.Read())
                flags = json.TokenType == JsonTokenType.String ? flags & ~RowFlags.Textless : flags;
            else if (json.ValueTextEquals("error"u8) && json.Read())
                flags |= RowFlags.Rejected;
            else
                json.Skip();
        }
        return new RowFacts(label, score, tokens, flags);
    }
}

/// <summary>What is true of a row.</summary>
[Flags]
internal enum RowFlags : byte
{
    None = 0,
    Rejected = 1,
    Truncated = 2,
    /// <summary>It has no text, and so no vector.</summary>
    Textless = 4,
}
