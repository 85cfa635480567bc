using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Jobs;

/// <summary>Counts the rows of results as they go by: lines, but for those inside the quotes of CSV and TSV.</summary>
internal struct RowCount(RecordFormat? format)
{
    private readonly bool hasQuotes = format is { } known && RecordFormats.IsDelimited(known);
    private bool isQuoted;

    /// <summary>Rows that have ended.</summary>
    public long Rows { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (!hasQuotes)
        {
            Rows += bytes.Count((byte)'\n');
            return;
        }
        int at;
        while ((at = bytes.IndexOfAny((byte)'\n', (byte)'"')) >= 0)
        {
            if (bytes[at] == (byte)'"')
                isQuoted = !isQuoted;   // two quotes, which stand for one, change nothing
            else if (!isQuoted)
                Rows++;
            bytes = bytes[(at + 1)..];
        }
    }
}
