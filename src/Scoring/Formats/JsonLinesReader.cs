namespace GauRuntime.Scoring.Formats;

/// <summary>One JSON object per line; lines of nothing but white space are no records.</summary>
internal sealed class JsonLinesReader(string source, LineReader lines, RecordFields fields, long firstNumber)
    : RecordReader(source, lines, firstNumber)
{
    public override TextRecord? Read()
    {
        do
        {
            if (!Lines.Read())
                return null;
        }
        while (!Lines.TooLong && Lines.Line.Trim(" \t\r"u8).IsEmpty);

        long number = TakeNumber();
        RecordId id = RecordId.OfNumber(number);
        if (RecordErrors.OfLine(Lines) is { } lineError)
            return Reject(number, id, lineError);
        JsonRecord record = new(fields);
        if (record.Parse(Lines.Line) is { } error)
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
        };
    }
}
