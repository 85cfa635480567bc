using System.Globalization;
using GauRuntime.Scoring.Records.Indexed;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Records;

/// <summary>
/// CSV and TSV: RFC 4180, or the same without quotes, with a header, which names the columns, or without, where numbers
/// do.
/// </summary>
/// <remarks>
/// Written by hand, because a library that parses decoded characters can neither tell which record was not UTF-8, nor
/// at which byte a record began, nor step over a record that is too long without keeping it.
/// </remarks>
internal sealed class DelimitedReader : LineRecordReader
{
    /// <summary>What is wrong where the last quote of an input opens.</summary>
    public const string Unclosed = "the input ends inside quotes that open in this record";

    private readonly LineReader lines;
    private readonly RecordFields fields;
    private readonly List<string> row = [];
    private readonly OtherFields others;
    private readonly byte delimiter;
    private readonly bool quotes;
    private readonly string[] columns = [];
    private readonly string[] carried = [];   // what columns are called among the fields of a result
    private readonly int id = -1;
    private readonly int text = -1;
    private readonly int pair = -1;
    private readonly int choices = -1;
    private readonly bool[] wanted = [];   // of the columns; the others are not decoded
    private bool standsOnRecord;   // the first, which told the number of columns
    private bool watchesQuotes;
    private long quoteLine;   // the first with a quote that is watched for, or 0

    /// <summary>Reads the header.</summary>
    /// <exception cref="GauFormatException">It has not the columns that are asked for.</exception>
    public DelimitedReader(
        InputFile input, ByteSource bytes, int longestLine, RecordFields fields, InputBeginning beginning,
        long firstNumber)
        : this(input, bytes, new LineReader(bytes, longestLine), fields, beginning, firstNumber)
    {
    }

    private DelimitedReader(
        InputFile input, ByteSource bytes, LineReader lines, RecordFields fields, InputBeginning beginning,
        long firstNumber)
        : base(input.Name, bytes, lines, fields.ReplaceInvalid, firstNumber)
    {
        (this.lines, this.fields, others) = (lines, fields, new OtherFields(fields.Label));
        bool tabs = input.Format == RecordFormat.Tsv;
        quotes = lines.Quotes = beginning.Quotes == FieldQuotes.Rfc;
        watchesQuotes = beginning.WatchesQuotes;
        if (DelimitedHeader.Read(lines, tabs, fields) is not { } header)
            return;
        CheckStart();
        ColumnAdvice advice = new(lines.Line, header, tabs, fields.HasHeader, quotes);
        if (header.Error is { } error)
            throw Malformed(advice.Broken(error));
        standsOnRecord = !fields.HasHeader;
        delimiter = header.Delimiter;
        columns = [.. header.Columns];
        carried = CarriedNames.Of(columns);
        id = Column(fields.Id, fields.ExpectsIds, advice);
        text = Column(fields.Text, fields.Choices is null, advice);
        pair = fields.Pair is null ? -1 : Column(fields.Pair, required: true, advice);
        choices = fields.Choices is null ? -1 : Column(fields.Choices, required: true, advice);
        if (fields.Label is { } label)
            Column(label, fields.ExpectsLabels, advice);
        wanted = [.. carried.Select((name, i) => IsOwn(i) || fields.Reads(name))];
    }

    public override long Position => standsOnRecord && base.Position > 0 ? lines.Offset : base.Position;

    /// <summary>What separates fields; 0 where there is no header.</summary>
    public byte Delimiter => delimiter;

    /// <summary>Whether there is one column, so that an empty line is a record.</summary>
    public bool IsSingle => columns.Length == 1;

    public override void GoTo(in IndexPlace place, long from, long number)
    {
        standsOnRecord = false;
        base.GoTo(place, from, number);
    }

    public override string? Note => quoteLine == 0
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"a field begins with a quote, first in line {quoteLine}: as none does in the first MiB, quotes are read "
            + $"as plain characters (none); otherwise: --quotes rfc");

    protected override bool Advance()
    {
        if (standsOnRecord)
            standsOnRecord = false;
        else if (!DelimitedLine.Next(lines, columns.Length))
            return false;
        return !lines.Unclosed ? true : throw Malformed(Unclosed);
    }

    protected override TextRecord Current(long number)
    {
        if (watchesQuotes)
            WatchQuotes(lines.Head);
        string? error = CheckLine();
        ReadOnlySpan<byte> line = Lines.TooLong ? Lines.Head : Line;
        bool isMarked = line.StartsWith(ByteSource.ByteOrderMark);
        if (isMarked)
            error ??= RecordErrors.ByteOrderMark;
        // Even in a bad row the id may be readable.
        string? torn = DelimitedLine.Split(line, delimiter, row, quotes, wanted);
        bool fits = row.Count == columns.Length && !Lines.TooLong;
        error ??= torn ?? (fits ? null : Misfit());
        if (error is null)
            return Record(number, id < 0 ? RecordId.OfNumber(number) : RecordId.OfText(row[id]));
        bool hasId = HasOwnId(fits) && !(isMarked && id == 0);
        return Reject(number, hasId ? RecordId.OfText(row[id]) : RecordId.OfNumber(number), error);
    }

    private string Misfit() =>
        $"{row.Count} fields where the {(fields.HasHeader ? "header" : "first record")} has {columns.Length}";

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
        bool mayBeCut = id == row.Count - 1 && (Lines.TooLong || lines.IsLast);
        return !mayBeCut && (fits || id == 0);
    }

    private TextRecord Record(long number, RecordId id)
    {
        List<string>? choices = null;
        if (this.choices >= 0 && JsonRecord.ParseChoices(row[this.choices], fields.Choices!, choices = []) is { } error)
            return Reject(number, id, error);
        string? read = fields.KeepOthers || fields.Label is not null ? Others() : null;
        return new TextRecord
        {
            Number = number,
            Id = id,
            Place = Place,
            Text = text < 0 ? null : row[text],
            Pair = pair < 0 ? null : row[pair],
            Choices = choices,
            Others = fields.KeepOthers ? read : null,
            Label = others.Label,
            Replaced = Replaced,
        };
    }

    private string Others()
    {
        others.Clear();
        for (int i = 0; i < columns.Length; i++)
        {
            if (wanted[i] && !IsOwn(i))
                others.AddText(carried[i], row[i]);
        }
        return others.ToString();
    }

    private bool IsOwn(int column) => column == id || column == text || column == pair || column == choices;

    // A record that tells the number of columns may be bad otherwise.
    private void CheckStart()
    {
        string start = fields.HasHeader ? "header" : "first record";
        if (lines.TooLong)
            throw Malformed($"the {start} is longer than the longest line allowed");
        if (lines.Unclosed)
            throw Malformed($"the input ends inside quotes that open in the {start}");
        if (fields.HasHeader && RecordErrors.OfLine(lines) is { } error)
            throw Malformed(error);
    }

    private int Column(string name, bool required, in ColumnAdvice advice)
    {
        int column = Array.IndexOf(columns, name);
        if (column < 0 && required)
            throw Malformed(advice.Missing(name));
        if (column >= 0 && Array.LastIndexOf(columns, name) != column)
            throw Malformed($"two columns are called '{name}'");
        return column;
    }

    private GauFormatException Malformed(string reason) => new(Source, $"line {Lines.Number}", reason);
}
