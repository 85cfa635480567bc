using System.Globalization;

namespace GauRuntime.Scoring.Records;

/// <summary>How a CSV or TSV begins: what separates its fields, and what its columns are called.</summary>
internal sealed class DelimitedHeader
{
    private const byte Tab = (byte)'\t';

    private DelimitedHeader(byte delimiter, IReadOnlyList<string> columns, string? error)
    {
        Delimiter = delimiter;
        Columns = columns;
        Error = error;
    }

    /// <summary>What separates fields.</summary>
    public byte Delimiter { get; }

    /// <summary>The names of the columns; their numbers from 1 where there is no header.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>What is wrong with the header, or null.</summary>
    public string? Error { get; }

    /// <summary>
    /// Goes to the header, or to the first record where there is none; empty lines and a line such as <c>sep=;</c>
    /// before it are stepped over.
    /// </summary>
    /// <param name="lines">The input at its start; its delimiters are set.</param>
    /// <param name="tabs">Whether tabs separate fields.</param>
    /// <param name="fields">How tables are read.</param>
    /// <returns>Null where nothing follows.</returns>
    public static DelimitedHeader? Read(LineReader lines, bool tabs, RecordFields fields)
    {
        byte? asked = tabs ? Tab : (byte?)fields.Delimiter;
        lines.Delimiters = asked is { } known ? [known] : [(byte)',', (byte)';'];
        if (!NextFilled(lines))
            return null;
        byte? said = Said(lines.Line);
        if (said is { } separator)
        {
            if (fields.Delimiter is { } other && !tabs && other != separator)
                return new(
                    separator, [],
                    $"this line says that {Name(separator)} separates fields, and --delimiter says "
                        + $"{Name((byte)other)}");
            lines.Delimiters = [separator];
            if (!NextFilled(lines))
                return null;
        }
        byte delimiter = said ?? asked ?? DelimitedLine.Delimiter(lines.Line, lines.Quotes);
        lines.Delimiters = [delimiter];
        List<string> row = [];
        string? error = DelimitedLine.Split(lines.Line, delimiter, row, lines.Quotes);
        if (lines.Line.StartsWith(ByteSource.ByteOrderMark))
            return new(delimiter, row, RecordErrors.ByteOrderMark + ", which is the second of the input");
        return fields.HasHeader
            ? new(delimiter, row, error)
            : new(
                delimiter,
                [.. Enumerable.Range(1, row.Count).Select(i => i.ToString(CultureInfo.InvariantCulture))],
                row.Count == 1 && lines.Number > (said is null ? 1 : 2)
                    ? "empty lines stand before the first record, and nothing tells whether they are records"
                    : null);
    }

    /// <summary>A delimiter in words.</summary>
    public static string Name(byte delimiter) => delimiter switch
    {
        Tab => "a tab",
        _ => $"'{Weights.Printable.OneLine(((char)delimiter).ToString())}'",
    };

    // No header is empty.
    private static bool NextFilled(LineReader lines)
    {
        do
        {
            if (!lines.Read())
                return false;
        }
        while (lines.Line.IsEmpty && !lines.TooLong);
        return true;
    }

    // What Excel writes and reads in the first line.
    private static byte? Said(ReadOnlySpan<byte> line)
    {
        if (line is [(byte)'"', .. var quoted, (byte)'"'])
            line = quoted;
        return line is [(byte)'s' or (byte)'S', (byte)'e' or (byte)'E', (byte)'p' or (byte)'P', (byte)'=', var b]
            && FieldDelimiter.IsPossible((char)b)
            ? b
            : null;
    }
}
