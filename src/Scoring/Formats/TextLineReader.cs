using System.Text;

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
        if (RecordErrors.OfLine(Lines) is { } error)
            return Reject(number, id, error);
        return new TextRecord { Number = number, Id = id, Place = Place, Text = Encoding.UTF8.GetString(Lines.Line) };
    }
}
