using System.Globalization;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Records.Indexed;

/// <summary>How the records of an input of text begin, and the way through them from there.</summary>
internal sealed class LineStart
{
    private readonly Func<bool> next;

    private LineStart(ByteSource bytes, IndexReading reading, LineReader? lines, Func<bool> next)
    {
        (Reading, Lines, this.next) = (reading, lines, next);
        Offset = bytes.Position;
        IsWhole = lines is null || bytes.IsCompressed;
    }

    /// <summary>How it is read.</summary>
    public IndexReading Reading { get; }

    /// <summary>What splits it; null where lines do not count.</summary>
    public LineReader? Lines { get; }

    /// <summary>Where a record begins, or a line behind the last one read.</summary>
    public long Offset { get; }

    /// <summary>Records before that: 1 where the first told the number of columns, else 0.</summary>
    public long Records { get; private init; }

    /// <summary>The state in which the byte there is met.</summary>
    public LineState State => Lines?.Place.BehindReturn == true ? LineState.BehindReturn : LineState.Start;

    /// <summary>Whether it cannot be shared out.</summary>
    public bool IsWhole { get; }

    /// <summary>Bytes of the longest line of white space that <see cref="Next"/> has passed over.</summary>
    public long LongestBlank { get; private set; }

    /// <summary>Looks at the beginning.</summary>
    /// <param name="input">The input.</param>
    /// <param name="bytes">Its content, at the start.</param>
    /// <param name="fields">How it is read.</param>
    /// <exception cref="GauFormatException">It is no such input.</exception>
    public static LineStart Find(InputFile input, ByteSource bytes, RecordFields fields)
    {
        IndexReading reading = IndexReading.Of(input.Format, bytes.Encoding);
        if (RecordFormats.IsDelimited(input.Format))
            return OfTable(input, bytes, fields, reading);
        if (input.Format == RecordFormat.JsonLines && JsonLayouts.Of(bytes) != JsonLayout.Lines)
        {
            JsonRecordReader reader = new(input.Name, bytes, RecordSource.DefaultLongestLine, fields, firstNumber: 0);
            return new LineStart(bytes, reading, null, reader.Skip);
        }
        LineReader lines = new(bytes, RecordSource.DefaultLongestLine);
        if (input.Format == RecordFormat.Text)
            return new LineStart(bytes, reading, lines, lines.Read);
        LineStart? start = null;
        return start = new LineStart(bytes, reading, lines, () => start!.NextFilled(input.Name));
    }

    /// <summary>Goes behind the next record.</summary>
    /// <returns>False at the end.</returns>
    public bool Next() => next();

    private static LineStart OfTable(InputFile input, ByteSource bytes, RecordFields fields, IndexReading reading)
    {
        InputBeginning beginning = InputBeginning.Of(bytes, input.Format, fields, isPipe: false);
        LineReader lines = new(bytes, RecordSource.DefaultLongestLine)
        {
            Quotes = beginning.Quotes == FieldQuotes.Rfc,
        };
        DelimitedHeader? header = DelimitedHeader.Read(lines, input.Format == RecordFormat.Tsv, fields);
        int columns = header?.Columns.Count ?? 0;
        GauFormatException Malformed(string reason) =>
            new(input.Name, string.Create(CultureInfo.InvariantCulture, $"line {lines.Number}"), reason);
        if (header?.Error is { } error)
            throw Malformed(error);
        if (header is not null && lines.TooLong)
            throw Malformed("the first record is longer than the longest line allowed");
        if (lines.Unclosed)
            throw Malformed(DelimitedReader.Unclosed);
        bool Next()
        {
            bool isThere = DelimitedLine.Next(lines, columns);
            return !lines.Unclosed ? isThere : throw Malformed(DelimitedReader.Unclosed);
        }

        reading = reading with
        {
            Quotes = beginning.Quotes,
            Delimiter = header?.Delimiter ?? 0,
            HasHeader = fields.HasHeader,
            IsSingle = columns == 1,
        };
        return new LineStart(bytes, reading, lines, Next) { Records = header is null || fields.HasHeader ? 0 : 1 };
    }

    private bool NextFilled(string name)
    {
        while (Lines!.Read())
        {
            ReadOnlySpan<byte> line = Lines.TooLong ? Lines.Head : Lines.Line;
            bool isBlank = line.Trim(" \t\r"u8).IsEmpty;
            if (isBlank && Lines.TooLong)
                throw new GauFormatException(
                    name, string.Create(CultureInfo.InvariantCulture, $"line {Lines.Number}"),
                    "begins with more white space than can be indexed");
            if (!isBlank)
                return true;
            LongestBlank = Math.Max(LongestBlank, line.Length + 1);   // and a CR
        }
        return false;
    }
}
