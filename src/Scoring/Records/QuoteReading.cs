namespace GauRuntime.Scoring.Records;

/// <summary>What the beginning of a CSV or TSV is, read with quotes or without.</summary>
internal sealed class QuoteReading
{
    private readonly bool quotes;
    private readonly byte delimiter;
    private long spanned;     // lines with content that quoted fields go over, but one of each record
    private long swallowed;   // those with the header's number of fields, likewise

    /// <summary>Reads the header and judges the records.</summary>
    /// <param name="content">The beginning.</param>
    /// <param name="isWhole">
    /// Whether that is all there is; the last record may be cut otherwise, and is not judged.
    /// </param>
    /// <param name="tabs">Whether tabs separate fields.</param>
    /// <param name="fields">How tables are read.</param>
    /// <param name="quotes">Whether quotes mean something.</param>
    public QuoteReading(byte[] content, bool isWhole, bool tabs, RecordFields fields, bool quotes)
    {
        this.quotes = quotes;
        using ByteSource bytes = new(new MemoryStream(content), "");
        LineReader lines = new(bytes, int.MaxValue) { Quotes = quotes };
        if (DelimitedHeader.Read(lines, tabs, fields) is not { } header)
            return;
        (delimiter, Header) = (header.Delimiter, header.Columns);
        IsNamed = fields.HasHeader;
        HasHeader = isWhole || !lines.IsLast;
        if (!HasHeader)
            return;
        NeverCloses = lines.Unclosed;
        Judge(lines.Line);
        while (DelimitedLine.Next(lines, Header.Count))
        {
            // Quotes that are open over half of it will hardly be closed.
            if (lines.Unclosed)
                NeverCloses = isWhole || lines.Offset < content.Length / 2;
            else if (isWhole || !lines.IsLast)
                Judge(lines.Line);
        }
    }

    /// <summary>Whether the header is there, and no part of it only.</summary>
    public bool HasHeader { get; }

    /// <summary>Whether the header is one, or the first record.</summary>
    public bool IsNamed { get; }

    /// <summary>The names of the columns; their numbers where they have none.</summary>
    public IReadOnlyList<string> Header { get; } = [];

    /// <summary>Records with another number of fields than the header, or with text behind a closing quote.</summary>
    public long Misfits { get; private set; }

    /// <summary>Whether a quote opens and never closes.</summary>
    public bool NeverCloses { get; }

    /// <summary>Whether every record has the header's number of fields.</summary>
    public bool Fits => Misfits == 0 && !NeverCloses;

    /// <summary>Whether a field begins with a quote.</summary>
    public bool HasQuotes { get; private set; }

    /// <summary>Whether a quote is doubled inside of a quoted field.</summary>
    public bool HasDoubled { get; private set; }

    /// <summary>Whether a quoted field goes on over the end of a line.</summary>
    public bool SpansLines { get; private set; }

    /// <summary>
    /// Whether most of the lines that quoted fields go over would be records by themselves. Of a real field of several
    /// lines only the first or the last has the header's number of fields, where the field is the last or the first.
    /// </summary>
    public bool SwallowsRecords => 2 * swallowed > spanned;

    private void Judge(ReadOnlySpan<byte> record)
    {
        if (record.ContainsAny((byte)'\n', (byte)'\r'))
            JudgeLines(record);
        int count = 0;
        bool isTorn = false;
        DelimitedFields fields = new(record, delimiter, quotes);
        while (fields.Next())
        {
            count++;
            isTorn |= fields.IsTorn;
            HasQuotes |= fields.IsQuoted || fields.Current is [(byte)'"', ..];
            HasDoubled |= fields.IsQuoted && fields.Current.IndexOf("\"\""u8) >= 0;
            SpansLines |= fields.IsQuoted && fields.Current.ContainsAny((byte)'\n', (byte)'\r');
        }
        Misfits += count == Header.Count && !isTorn ? 0 : 1;
    }

    private void JudgeLines(ReadOnlySpan<byte> record)
    {
        int lines = 0, fitting = 0;
        foreach (Range range in record.SplitAny((byte)'\n', (byte)'\r'))
        {
            ReadOnlySpan<byte> line = record[range];
            lines += line.IsEmpty ? 0 : 1;   // no record, and what stands between CR and LF
            fitting += !line.IsEmpty && line.Count(delimiter) + 1 == Header.Count ? 1 : 0;
        }
        spanned += Math.Max(0, lines - 1);
        swallowed += Math.Max(0, fitting - 1);
    }
}
