using System.Text;

namespace GauRuntime.Scoring.Records;

/// <summary>The fields of one CSV or TSV record.</summary>
internal static class DelimitedLine
{
    /// <summary>A comma; a semicolon where the header has semicolons outside quotes and no comma there.</summary>
    /// <param name="header">The header.</param>
    /// <param name="quotes">Whether quotes mean something.</param>
    public static byte Delimiter(ReadOnlySpan<byte> header, bool quotes = true)
    {
        bool quoted = false;
        bool semicolon = false;
        foreach (byte b in header)
        {
            if (b == (byte)'"' && quotes)
                quoted = !quoted;
            else if (b == (byte)',' && !quoted)
                return (byte)',';
            else
                semicolon |= b == (byte)';' && !quoted;
        }
        return semicolon ? (byte)';' : (byte)',';
    }

    /// <summary>
    /// Goes to the next record. An empty line is a record of one empty field, and so one only where there is one
    /// column.
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
    /// <param name="line">UTF-8 without the end of the record.</param>
    /// <param name="delimiter">What separates fields.</param>
    /// <param name="fields">Receives the fields, whatever is wrong.</param>
    /// <param name="quotes">Whether quotes mean something.</param>
    /// <param name="wanted">Which fields are asked for; the others are left empty. Empty: all.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Split(
        ReadOnlySpan<byte> line,
        byte delimiter,
        List<string> fields,
        bool quotes = true,
        ReadOnlySpan<bool> wanted = default)
    {
        fields.Clear();
        string? error = line.Contains((byte)0) ? "a NUL byte" : null;
        DelimitedFields found = new(line, delimiter, quotes);
        while (found.Next())
        {
            bool isWanted = wanted.IsEmpty || fields.Count < wanted.Length && wanted[fields.Count];
            string field = isWanted ? Encoding.UTF8.GetString(found.Current) : "";
            fields.Add(found.IsQuoted ? field.Replace("\"\"", "\"", StringComparison.Ordinal) : field);
            if (found.IsTorn)
                error ??= $"text after the closing quote of field {fields.Count}";
        }
        return error;
    }
}
