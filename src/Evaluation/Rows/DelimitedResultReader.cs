using System.Globalization;
using GauRuntime.Answers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;

namespace GauRuntime.Evaluation.Rows;

/// <summary>
/// Results in CSV or TSV: the header tells which column holds what; columns of other names are left alone.
/// </summary>
internal sealed class DelimitedResultReader : TextResultReader
{
    private const int MostDelimiters = 4 * JsonValues.MostItems;

    private readonly JsonResult json = new();
    private readonly List<string> cells = [];
    private readonly byte delimiter;
    private readonly string[] header = [];
    private readonly string[] probabilityLabels = [];
    private readonly int id = -1;
    private readonly int error = -1;
    private readonly bool isRanking;

    public DelimitedResultReader(string name, DigestStream stream, ByteSource bytes, LineReader lines, bool tabs)
        : base(name, stream, bytes, lines)
    {
        lines.Delimiters = tabs ? [(byte)'\t'] : [(byte)',', (byte)';'];
        if (!lines.Read())
            return;
        if (lines.Unclosed)
            throw Malformed("the file ends inside quotes that open in the header");
        if (RecordErrors.OfLine(lines) is { } fault)
            throw Malformed(fault);
        delimiter = tabs ? (byte)'\t' : DelimitedLine.Delimiter(lines.Line);
        lines.Delimiters = [delimiter];
        Split();
        header = [.. cells];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (string column in header)
        {
            if (!names.Add(column))
                throw Malformed($"two columns are called '{column}'");
        }
        id = Array.IndexOf(header, "id");
        if (id < 0)
            throw Malformed("no column 'id'");
        error = Array.IndexOf(header, "error");
        isRanking = header.Contains("candidate");
        probabilityLabels =
            [.. header.Where(IsProbability).Select(column => column[ResultColumn.ProbabilityPrefix.Length..])];
    }

    protected override bool Advance()
    {
        if (!DelimitedLine.Next(Lines, header.Length))
            return false;
        return !Lines.Unclosed ? true : throw Malformed("the file ends inside quotes that open in this record");
    }

    protected override void Fill(ResultRow row)
    {
        Split();
        if (cells.Count != header.Length)
            throw Malformed($"{cells.Count} fields where the header has {header.Length}");
        row.Id = cells[id];
        row.Rejected = error >= 0 && cells[error].Length > 0;
        if (row.Rejected)
            return;
        row.IsPair = isRanking;
        if (probabilityLabels.Length > 0)
        {
            row.Probabilities = new LabelAnswer { Labels = probabilityLabels };
            row.Probabilities.Numbers.EnsureCapacity(probabilityLabels.Length);
        }
        for (int i = 0; i < header.Length; i++)
            ReadCell(header[i], cells[i], row);
        // Without a score it is an empty cell, and with one the label's name is empty.
        if (row.Label is "" && (row.Score is null || row.Abstained is true))
            row.Label = null;
    }

    private void ReadCell(string column, string cell, ResultRow row)
    {
        switch (column)
        {
            case "label": row.Label = cell; break;
            case "answer": row.Answer = cell; break;
            case var _ when IsProbability(column): row.Probabilities!.Numbers.Add(Number(column, cell)); break;
            case var _ when cell.Length == 0: break;
            case "score": row.Score = Number(column, cell); break;
            case "value": row.Value = new LabelAnswer { Numbers = { Number(column, cell) } }; break;
            case "candidate": row.Candidate = cell; break;
            case "rank": row.Rank = Whole(column, cell); break;
            case "rejected": row.IsRejectedPair = true; break;
            case "choice": row.Choice = Whole(column, cell); break;
            case "start": row.Start = Whole(column, cell); break;
            case "end": row.End = Whole(column, cell); break;
            case "tokens": row.Tokens = Whole(column, cell); break;
            case "truncated": row.Truncated = Flag(column, cell); break;
            case "abstained": row.Abstained = Flag(column, cell); break;
            case "probabilities" when row.Probabilities is not null:
                throw new ResultFault("field 'probabilities' stands there twice: in columns of its labels too");
            case "probabilities" or "labels" or "entities" or "embedding" or "masks" or "results":
                json.ReadCell(cell, column, row);
                break;
        }
    }

    private void Split()
    {
        // A line of nothing but delimiters would take many times its size.
        if (Lines.Line.Count(delimiter) > MostDelimiters)
            throw Malformed($"more than {MostDelimiters} fields");
        if (DelimitedLine.Split(Lines.Line, delimiter, cells) is { } fault)
            throw Malformed(fault);
    }

    private static bool IsProbability(string column) =>
        column.StartsWith(ResultColumn.ProbabilityPrefix, StringComparison.Ordinal);

    private static float Number(string column, string cell)
    {
        const NumberStyles Plain =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return float.TryParse(cell, Plain, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
            ? value
            : throw new ResultFault($"field '{column}': '{cell}' is not a finite number of 32 bits");
    }

    private static long Whole(string column, string cell) =>
        long.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new ResultFault($"field '{column}': '{cell}' is not a whole number of at least 0");

    private static bool Flag(string column, string cell) =>
        bool.TryParse(cell, out bool value)
            ? value
            : throw new ResultFault($"field '{column}': '{cell}' is neither true nor false");
}
