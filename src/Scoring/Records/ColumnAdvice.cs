using System.Buffers;
using System.Globalization;
using System.Text;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Records;

/// <summary>What to do where a table has not the column that is asked for.</summary>
/// <param name="line">Its header, or its first record.</param>
/// <param name="header">How it was read.</param>
/// <param name="tabs">Whether it was taken as TSV.</param>
/// <param name="hasHeader">Whether it was taken to have a header.</param>
/// <param name="quotes">Whether quotes mean something.</param>
internal readonly ref struct ColumnAdvice(
    ReadOnlySpan<byte> line, DelimitedHeader header, bool tabs, bool hasHeader, bool quotes)
{
    private const int LongestList = 120;   // characters; messages are cut behind 300
    private const int LongestName = 40;

    private static readonly SearchValues<char> Punctuation = SearchValues.Create("。，！？；：");

    private readonly ReadOnlySpan<byte> line = line;

    private static ReadOnlySpan<byte> Delimiters => "\t,;|^~:\u0001"u8;

    /// <summary>That the column is missing, which ones there are, and what that looks like.</summary>
    public string Missing(string wanted)
    {
        string missing = hasHeader
            ? $"no column '{Short(wanted)}'; the columns are {Names()}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"no column {Short(wanted)}; the first record has {header.Columns.Count}");
        if (OtherFormat() is { } format)
            return $"{missing}; {format}";
        string?[] guesses = [Delimiter(wanted, out IReadOnlyList<string> cells), Record(cells), Name(wanted)];
        string[] sentence = [missing, .. guesses.OfType<string>()];
        return string.Join("; ", sentence);
    }

    /// <summary>What is wrong with the line, and what it looks like.</summary>
    public string Broken(string fault) => OtherFormat() is { } format ? $"{fault}; {format}" : fault;

    private string Names()
    {
        StringBuilder names = new();
        for (int i = 0; i < header.Columns.Count; i++)
        {
            string name = $"'{Short(header.Columns[i])}'";
            if (i > 0 && names.Length + name.Length > LongestList)
                return string.Create(CultureInfo.InvariantCulture, $"{names} and {header.Columns.Count - i} more");
            names.Append(i > 0 ? ", " : "").Append(name);
        }
        return names.ToString();
    }

    private string? OtherFormat() => line.TrimStart(" \t"u8) switch
    {
        [(byte)'{' or (byte)'[', ..] => "this looks like JSON: --format jsonl",
        [(byte)'<', ..] => "this looks like HTML or XML",
        _ => null,
    };

    // The delimiter under which there is such a column, or more than the one that there is.
    private string? Delimiter(string wanted, out IReadOnlyList<string> cells)
    {
        cells = header.Columns;
        byte? best = null;
        foreach (byte delimiter in Delimiters)
        {
            if (delimiter == header.Delimiter)
                continue;
            List<string> split = [];
            DelimitedLine.Split(line, delimiter, split, quotes);
            bool has = hasHeader
                ? split.Contains(wanted)
                : int.TryParse(wanted, CultureInfo.InvariantCulture, out int number) && number <= split.Count;
            bool isMore = header.Columns.Count == 1 && split.Count > cells.Count && "\t,;|"u8.Contains(delimiter);
            if (!has && !isMore)
                continue;
            (best, cells) = (delimiter, split);
            if (has)
                break;
        }
        return best is not { } found ? null
            : found == (byte)'\t' ? "these are tab-separated: --format tsv"
            : tabs && found == (byte)',' ? "these are separated by commas: --format csv"
            : $"these are separated by {DelimitedHeader.Name(found)}: {(tabs ? "--format csv " : "")}--delimiter "
                + (found < (byte)' ' ? $"$'\\x{found:x2}'" : DelimitedHeader.Name(found));
    }

    private string? Record(IReadOnlyList<string> cells) => hasHeader && cells.Any(IsValue)
        ? "the first line looks like a record: --no-header, and the number of the column as in --text 2"
        : null;

    // Names are hardly numbers, sentences or long.
    private static bool IsValue(string cell) =>
        cell.Length > 60
        || cell.AsSpan().ContainsAny(Punctuation)
        || double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private string? Name(string wanted)
    {
        string? near = header.Columns.FirstOrDefault(
            name => string.Equals(name.Trim(), wanted.Trim(), StringComparison.OrdinalIgnoreCase));
        return near is null || !hasHeader ? null : $"is '{Short(near)}' meant?";
    }

    private static string Short(string name) => Printable.Shortened(name, LongestName);
}
