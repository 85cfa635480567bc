using System.Text;
using System.Text.Unicode;

namespace GauRuntime.Scoring.Formats;

/// <summary>One text per line; an empty line is an empty text.</summary>
internal sealed class TextLineReader(string source, LineReader lines, long firstNumber)
    : RecordReader(source, lines, firstNumber)
{
    public override TextRecord? Read()
    {
        if (!Lines.Read())
            return null;
        long number = TakeNumber();
        RecordId id = RecordId.OfNumber(number);
        if (Lines.TooLong)
            return Reject(number, id, RecordErrors.TooLong);
        if (!Utf8.IsValid(Lines.Line))
            return Reject(number, id, RecordErrors.NotUtf8(Lines.Line));
        return new TextRecord { Number = number, Id = id, Place = Place, Text = Encoding.UTF8.GetString(Lines.Line) };
    }
}
