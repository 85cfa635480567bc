using System.Globalization;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Formats;

/// <summary>CSV and TSV: RFC 4180, or the same without quotes, with a header, which names the columns.</summary>
/// <remarks>
/// Written by hand, because a library that parses decoded characters can neither tell which record was not UTF-8, nor
/// at which byte a record began, nor step over a record that is too long without keeping it.
/// </remarks>
internal sealed class DelimitedReader : LineRecordReader
{
    private readonly RecordFields fields;
    private readonly List<string> row = [];
    private readonly byte delimiter;
    private readonly bool quotes;
    private readonly string[] header;
    private readonly int id = -1;
    private readonly int text = -1;
    private readonly int pair = -1;
    private readonly int choices = -1;
    private bool watchesQuotes;
    private long quoteLine;   // the first with a quote that is watched for, or 0

    public DelimitedReader(
        string source, ByteSource bytes, int longestLine, RecordFields fields, bool tabs, InputBeginning beginning,
        long firstNumber)
        : base(source, bytes, longestLine, fields.ReplaceInvalid, firstNumber)
    {
        this.fields = fields;
        quotes = beginning.Quotes == FieldQuotes.Rfc;
        watchesQuotes = beginning.WatchesQuotes;
        Lines.Quotes = quotes;
        Lines.Delimiters = tabs ? [(byte)'\t'] : [(byte)',', (byte)';'];
        do
        {
            if (!Lines.Read())
            {
                header = [];
                return;
            }
        }
        while (Lines.Line.IsEmpty && !Lines.TooLong);   // no header is empty
        CheckHeader();
        delimiter = tabs ? (byte)'\t' : DelimitedLine.Delimiter(Lines.Line, quotes);
        Lines.Delimiters = [delimiter];
        if (DelimitedLine.Split(Lines.Line, delimiter, row, quotes) is { } error)
            throw Malformed(error);
        header = [.. row];
        id = Column(fields.Id, required: fields.ExpectsIds);
        text = Column(fields.Text, required: fields.Choices is null);
        pair = fields.Pair is null ? -1 : Column(fields.Pair, required: true);
        choices = fields.Choices is null ? -1 : Column(fields.Choices, required: true);
    }

    public override string? Note => quoteLine == 0
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"a field begins with a quote, first in line {quoteLine}: as none does in the first MiB, quotes are read as "
            + $"plain characters (none); otherwise: --quotes rfc");

    protected override bool Advance()
    {
        if (!DelimitedLine.Next(Lines, header.Length))
            return false;
        return !Lines.Unclosed ? true : throw Malformed("the input ends inside quotes that open in this record");
    }

    protected override TextRecord Current(long number)
    {
        if (watchesQuotes)
            WatchQuotes(Lines.Head);
        string? error = CheckLine();
        // Even in a bad row the id may be readable.
        string? torn = DelimitedLine.Split(Lines.TooLong ? Lines.Head : Line, delimiter, row, quotes);
        bool fits = row.Count == header.Length && !Lines.TooLong;
        error ??= torn ?? (fits ? null : $"{row.Count} fields where the header has {header.Length}");
        if (error is null)
            return Record(number, id < 0 ? RecordId.OfNumber(number) : RecordId.OfText(row[id]));
        return Reject(number, HasOwnId(fits) ? RecordId.OfText(row[id]) : RecordId.OfNumber(number), error);
    }

    private void WatchQuotes(ReadOnlySpan<byte> line)
    {
        if (line is not [(byte)'"', ..] && line.IndexOf([delimiter, (byte)'"']) < 0)
            return;
        quoteLine = Lines.Number;
        watchesQuotes = false;
    }

    // Whether the id of a bad row is known: it may be damaged itself, what ends with the input may be cut, and where
    // there are too many fields, or too few, as in the rest of a text that a line end broke, only the first can be what
    // its column says.
    private bool HasOwnId(bool fits)
    {
        if (id < 0 || id >= row.Count || row[id].Contains('\uFFFD', StringComparison.Ordinal)
            || quotes && row[id].StartsWith('"'))
            return false;
        bool mayBeCut = id == row.Count - 1 && (Lines.TooLong || Lines.IsLast);
        return !mayBeCut && (fits || id == 0);
    }

    private TextRecord Record(long number, RecordId id)
    {
        List<string>? choices = null;
        if (this.choices >= 0 && JsonRecord.ParseChoices(row[this.choices], fields.Choices!, choices = []) is { } error)
            return Reject(number, id, error);
        return new TextRecord
        {
            Number = number,
            Id = id,
            Place = Place,
            Text = text < 0 ? null : row[text],
            Pair = pair < 0 ? null : row[pair],
            Choices = choices,
            Others = fields.KeepOthers ? Others() : null,
            Replaced = Replaced,
        };
    }

    private string Others()
    {
        OtherFields others = new();
        for (int i = 0; i < header.Length; i++)
        {
            if (i == id || i == text || i == pair || i == choices)
                continue;
            others.AddText(header[i], row[i]);
        }
        return others.ToString();
    }

    private void CheckHeader()
    {
        if (Lines.TooLong)
            throw Malformed("the header is longer than the longest line allowed");
        if (Lines.Unclosed)
            throw Malformed("the input ends inside quotes that open in the header");
        if (RecordErrors.OfLine(Lines) is { } error)
            throw Malformed(error);
    }

    private int Column(string name, bool required)
    {
        int column = Array.IndexOf(header, name);
        if (column < 0 && required)
            throw Malformed($"no column '{name}'; the columns are {string.Join(", ", header.Select(n => $"'{n}'"))}");
        if (column >= 0 && Array.LastIndexOf(header, name) != column)
            throw Malformed($"two columns are called '{name}'");
        return column;
    }

    private GauFormatException Malformed(string reason) => new(Source, $"line {Lines.Number}", reason);
}
