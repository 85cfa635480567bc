using System.Text;

namespace GauRuntime.Scoring.Formats;

/// <summary>The fields of one CSV or TSV record.</summary>
internal static class DelimitedLine
{
    /// <summary>A comma; a semicolon where the header has semicolons outside quotes and no comma there.</summary>
    public static byte Delimiter(ReadOnlySpan<byte> header)
    {
        bool quoted = false;
        bool semicolon = false;
        foreach (byte b in header)
        {
            if (b == (byte)'"')
                quoted = !quoted;
            else if (b == (byte)',' && !quoted)
                return (byte)',';
            else
                semicolon |= b == (byte)';' && !quoted;
        }
        return semicolon ? (byte)';' : (byte)',';
    }

    /// <summary>
    /// Goes to the next record. An empty line is a record of one empty field, and so one only where there is one column.
    /// </summary>
    /// <param name="lines">The records; where one is <see cref="LineReader.Unclosed"/>, none follows.</param>
    /// <param name="columns">Those of the header; 0: there are no records.</param>
    /// <returns>False at the end.</returns>
    public static bool Next(LineReader lines, int columns)
    {
        do
        {
            if (columns == 0 || !lines.Read())
                return false;
        }
        while (columns > 1 && lines.Line.IsEmpty && !lines.TooLong && !lines.Unclosed);
        return true;
    }

    /// <summary>
    /// Splits a record. Quotes count only at the start of a field; a doubled quote inside stands for one.
    /// </summary>
    /// <param name="line">Valid UTF-8 without the end of the record.</param>
    /// <param name="delimiter">What separates fields.</param>
    /// <param name="fields">Receives the fields.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Split(ReadOnlySpan<byte> line, byte delimiter, List<string> fields)
    {
        fields.Clear();
        if (line.Contains((byte)0))
            return "a NUL byte";
        while (true)
        {
            int length;
            if (line is [(byte)'"', ..])
            {
                length = QuotedLength(line);
                if (length < line.Length && line[length] != delimiter)
                    return $"text after the closing quote of field {fields.Count + 1}";
                fields.Add(
                    Encoding.UTF8.GetString(line[1..(length - 1)]).Replace("\"\"", "\"", StringComparison.Ordinal));
            }
            else
            {
                int end = line.IndexOf(delimiter);
                length = end < 0 ? line.Length : end;
                fields.Add(Encoding.UTF8.GetString(line[..length]));
            }
            if (length == line.Length)
                return null;
            line = line[(length + 1)..];
        }
    }

    private static int QuotedLength(ReadOnlySpan<byte> line)
    {
        int i = 1;
        while (i < line.Length)
        {
            if (line[i] != (byte)'"')
                i++;
            else if (i + 1 < line.Length && line[i + 1] == (byte)'"')
                i += 2;
            else
                return i + 1;
        }
        return line.Length;
    }
}
