using System.Buffers;

namespace GauRuntime.Scoring.Records;

/// <summary>A JSON value of a record as it is carried to its result: on one line, with null for NaN and Infinity.
/// </summary>
internal static class CarriedJson
{
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    /// <summary>Takes a value over.</summary>
    /// <param name="json">JSON, but for NaN and Infinity.</param>
    /// <param name="hasForeignNumbers">Whether there may be any.</param>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> json, bool hasForeignNumbers)
    {
        if (hasForeignNumbers)
            json = JsonNumbers.WithNulls(json);
        return json.ContainsAny(LineEnds) ? OnOneLine(json) : json;
    }

    // No string holds a line end, so all white space beside the strings may go.
    private static ReadOnlySpan<byte> OnOneLine(ReadOnlySpan<byte> json)
    {
        byte[] line = new byte[json.Length];
        int length = 0;
        for (int i = 0; i < json.Length;)
        {
            int count = json[i] == (byte)'"' ? new JsonNesting().End(json[i..]) : 1;
            ReadOnlySpan<byte> part = json.Slice(i, count);
            if (!" \t\r\n"u8.Contains(part[0]))
            {
                part.CopyTo(line.AsSpan(length));
                length += count;
            }
            i += count;
        }
        return line.AsSpan(0, length);
    }
}
