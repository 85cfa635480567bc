using System.Text.Json;

namespace GauRuntime.Desktop.Table;

/// <summary>Writes rows for the window: all of a short one, of long texts the beginning.</summary>
internal static class RowPreview
{
    /// <summary>Characters of a text that are shown in a line of the table.</summary>
    public const int MostCharacters = 400;

    private const int MostWhole = 4096;

    /// <summary>Writes a row, with its number as <c>#</c>.</summary>
    /// <param name="json">Where it goes.</param>
    /// <param name="row">Its number.</param>
    /// <param name="line">It, as <c>gau</c> writes it.</param>
    /// <param name="score">How close it is to a search; null: there is none.</param>
    public static void Write(Utf8JsonWriter json, int row, ReadOnlySpan<byte> line, float? score = null)
    {
        Utf8JsonReader reader = new(line, RowJson.Reading);
        reader.Read();
        json.WriteStartObject();
        json.WriteNumber("#"u8, row);
        if (score is { } close)
            json.WriteNumber("#close"u8, close);
        bool isCut = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            isCut |= WriteValue(json, name, ref reader, line);
        }
        if (isCut)
            json.WriteBoolean("#cut"u8, true);
        json.WriteEndObject();
    }

    // Whether not all of it was written.
    private static bool WriteValue(
        Utf8JsonWriter json, string name, ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        int start = (int)reader.TokenStartIndex;
        if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > MostCharacters)
        {
            string text = reader.GetString()!;
            json.WriteString(name, Beginning(text));
            return text.Length > MostCharacters;
        }
        reader.Skip();
        int length = (int)reader.BytesConsumed - start;
        if (length > MostWhole)
            return true;
        json.WritePropertyName(name);
        json.WriteRawValue(line.Slice(start, length), skipInputValidation: true);
        return false;
    }

    private static string Beginning(string text)
    {
        if (text.Length <= MostCharacters)
            return text;
        int end = MostCharacters - (char.IsHighSurrogate(text[MostCharacters - 1]) ? 1 : 0);
        return text[..end];
    }
}
