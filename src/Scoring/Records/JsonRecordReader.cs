using GauRuntime.Weights;

namespace GauRuntime.Scoring.Records;

/// <summary>
/// One JSON object per line, where lines of nothing but white space are no records; or, over any lines, the elements of
/// an array or objects one after the other.
/// </summary>
internal sealed class JsonRecordReader : LineRecordReader
{
    private readonly JsonRecord record;
    private readonly JsonValueSplitter? values;

    /// <summary>Looks at how the objects stand.</summary>
    public JsonRecordReader(string source, ByteSource bytes, int longest, RecordFields fields, long firstNumber)
        : this(source, bytes, Splitter(bytes, longest, JsonLayouts.Of(bytes)), fields, firstNumber)
    {
    }

    private JsonRecordReader(
        string source, ByteSource bytes, RecordSplitter records, RecordFields fields, long firstNumber)
        : base(source, bytes, records, fields.ReplaceInvalid, firstNumber)
    {
        record = new JsonRecord(fields) { Place = EncodedPlace };
        values = records as JsonValueSplitter;
    }

    private static RecordSplitter Splitter(ByteSource bytes, int longest, JsonLayout layout) =>
        layout == JsonLayout.Lines
            ? new LineReader(bytes, longest)
            : new JsonValueSplitter(bytes, longest, layout == JsonLayout.Array);

    // Where a share begins nobody could tell what is inside of which brackets.
    protected override bool IsWhole => values is not null;

    protected override bool Advance()
    {
        if (Lines.ReadFilled())
            return true;
        return values?.Fault is { } fault
            ? throw new GauFormatException(Source, $"line {Lines.Number}", fault)
            : false;
    }

    protected override TextRecord Current(long number)
    {
        string? error = CheckLine();
        ReadOnlySpan<byte> json = Lines.TooLong ? Lines.Head : Line;
        if (json.StartsWith(ByteSource.ByteOrderMark))
        {
            error ??= RecordErrors.ByteOrderMark;
            json = json[ByteSource.ByteOrderMark.Length..];
        }
        string? fault = record.Parse(json);   // even in a bad line the id may be readable
        RecordId id = record.Id ?? RecordId.OfNumber(number);
        if ((error ?? fault) is { } reason)
            return Reject(number, id, reason) with { Label = record.Label };
        return new TextRecord
        {
            Number = number,
            Id = id,
            Place = Place,
            Text = record.Text,
            Pair = record.Pair,
            Choices = record.Choices,
            Others = record.Others,
            Label = record.Label,
            Replaced = Replaced,
        };
    }
}
