namespace GauRuntime.Scoring.Formats;

/// <summary>One JSON object per line; lines of nothing but white space are no records.</summary>
internal sealed class JsonLinesReader : LineRecordReader
{
    private readonly JsonRecord record;

    public JsonLinesReader(
        string source, ByteSource bytes, int longestLine, RecordFields fields, long firstNumber)
        : base(source, bytes, longestLine, fields.ReplaceInvalid, firstNumber) =>
        record = new JsonRecord(fields) { Place = EncodedPlace };

    protected override bool Advance()
    {
        do
        {
            if (!Lines.Read())
                return false;
        }
        while (!Lines.TooLong && Lines.Line.Trim(" \t\r"u8).IsEmpty);
        return true;
    }

    protected override TextRecord Current(long number)
    {
        string? error = CheckLine();
        ReadOnlySpan<byte> json = Lines.TooLong ? Lines.Head : Line;
        if (json.StartsWith(ByteSource.ByteOrderMark))
        {
            error ??= "a byte order mark at the start of the line";
            json = json[ByteSource.ByteOrderMark.Length..];
        }
        string? fault = record.Parse(json);   // even in a bad line the id may be readable
        RecordId id = record.Id ?? RecordId.OfNumber(number);
        if ((error ?? fault) is { } reason)
            return Reject(number, id, reason);
        return new TextRecord
        {
            Number = number,
            Id = id,
            Place = Place,
            Text = record.Text,
            Pair = record.Pair,
            Choices = record.Choices,
            Others = record.Others,
            Replaced = Replaced,
        };
    }
}
