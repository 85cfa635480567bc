namespace GauRuntime.Scoring.Formats;

/// <summary>One JSON object per line; lines of nothing but white space are no records.</summary>
internal sealed class JsonLinesReader(
    string source, ByteSource bytes, int longestLine, RecordFields fields, long firstNumber)
    : LineRecordReader(source, bytes, longestLine, fields.ReplaceInvalid, firstNumber)
{
    private readonly JsonRecord record = new(fields);

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
        RecordId id = RecordId.OfNumber(number);
        if (CheckLine() is { } lineError)
            return Reject(number, id, lineError);
        if (record.Parse(Line) is { } error)
            return Reject(number, record.Id ?? id, error);
        return new TextRecord
        {
            Number = number,
            Id = record.Id ?? id,
            Place = Place,
            Text = record.Text,
            Pair = record.Pair,
            Choices = record.Choices,
            Others = record.Others,
            Replaced = Replaced,
        };
    }
}
