using System.Text;
using System.Text.Json;

namespace GauRuntime.Desktop.Table;

/// <summary>Tells whether the texts of a row of results have something in them.</summary>
/// <param name="wanted">It, not empty.</param>
internal sealed class TextMatch(string wanted)
{
    // What JSON writes as it stands and has no case need only be looked for: most rows are not parsed.
    private readonly byte[]? plain = IsPlain(wanted) ? Encoding.UTF8.GetBytes(wanted) : null;

    /// <summary>Whether it is in a text of the row.</summary>
    /// <param name="row">An object of JSON, as <c>gau</c> writes it.</param>
    public bool IsIn(ReadOnlySpan<byte> row)
    {
        if (plain is not null && row.IndexOf(plain) < 0)
            return false;
        Utf8JsonReader json = new(row, RowJson.Reading);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool isText = json.ValueTextEquals("text"u8) || json.ValueTextEquals("pair"u8);
            json.Read();
            if (isText && json.TokenType == JsonTokenType.String
                && json.GetString()!.Contains(wanted, StringComparison.OrdinalIgnoreCase))
                return true;
            json.Skip();
        }
        return false;
    }

    private static bool IsPlain(string text)
    {
        foreach (char c in text)
        {
            // Ideographs and their punctuation: no writer of JSON escapes these, and they have one case.
            if (c is not (>= '\u3001' and <= '\u9fff'))
                return false;
        }
        return true;
    }
}
