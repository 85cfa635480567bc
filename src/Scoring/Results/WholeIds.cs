using System.Buffers.Text;
using System.Text.Json;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Results;

/// <summary>
/// Ids that are whole numbers of 64 bits, in their only spelling: a table of results keeps them as numbers.
/// </summary>
internal static class WholeIds
{
    /// <summary>Whether the ids of all rows are, or null.</summary>
    /// <param name="jsonLines">The rows; read to the end.</param>
    /// <param name="name">What a fault calls them.</param>
    /// <param name="cancel">Ends the work.</param>
    public static bool AreIn(Stream jsonLines, string name, CancellationToken cancel)
    {
        LineReader lines = new(new ByteSource(jsonLines, name), int.MaxValue);   // the caller closes the stream
        while (lines.Read())
        {
            cancel.ThrowIfCancellationRequested();
            if (!IsIn(lines.Line))
                return false;
        }
        return true;
    }

    /// <summary>The id that a reader is at.</summary>
    /// <exception cref="FormatException">It is not a whole number.</exception>
    public static long Value(in Utf8JsonReader json) =>
        TryRead(json, out long id) ? id : throw new FormatException("an id that is no whole number among such ids");

    // Whether the first property of a row is such an id. What is no row is found by whoever reads all of it.
    private static bool IsIn(ReadOnlySpan<byte> row)
    {
        Utf8JsonReader json = new(row);
        try
        {
            if (!json.Read() || !json.Read() || !json.Read())
                return false;
        }
        catch (JsonException)
        {
            return false;
        }
        return json.TokenType == JsonTokenType.Null || TryRead(json, out _);
    }

    private static bool TryRead(in Utf8JsonReader json, out long id)
    {
        id = 0;
        return json.TokenType == JsonTokenType.Number
            && Utf8Parser.TryParse(json.ValueSpan, out id, out int used) && used == json.ValueSpan.Length
            && !json.ValueSpan.SequenceEqual("-0"u8);
    }
}
