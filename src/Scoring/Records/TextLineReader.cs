using System.Text;

namespace GauRuntime.Scoring.Records;

/// <summary>One text per line; an empty line is an empty text.</summary>
internal sealed class TextLineReader(
    string source, ByteSource bytes, int longestLine, RecordFields fields, long firstNumber)
    : LineRecordReader(source, bytes, new LineReader(bytes, longestLine), fields.ReplaceInvalid, firstNumber)
{
    protected override bool Advance() => Lines.Read();

    protected override TextRecord Current(long number)
    {
        RecordId id = RecordId.OfNumber(number);
        if (CheckLine() is { } error)
            return Reject(number, id, error);
        return new TextRecord
        {
            Number = number,
            Id = id,
            Place = Place,
            Text = Encoding.UTF8.GetString(Line),
            Replaced = Replaced,
        };
    }
}
