using GauRuntime.Scoring.Records;

namespace GauRuntime.Evaluation.Rows;

/// <summary>Tells the format of results from their beginning, where no name tells it.</summary>
internal static class TextFormat
{
    /// <summary>
    /// Rows of JSON begin with a brace and tables with a header; one with a tab in it is that of a TSV.
    /// </summary>
    /// <param name="start">The first bytes of the file; none where it is empty.</param>
    public static RecordFormat Guess(ReadOnlySpan<byte> start)
    {
        ReadOnlySpan<byte> content = start.TrimStart(" \t\r\n"u8);
        if (content is [] or [(byte)'{', ..])
            return RecordFormat.JsonLines;
        int end = content.IndexOfAny((byte)'\n', (byte)'\r');
        ReadOnlySpan<byte> header = end < 0 ? content : content[..end];
        return header.Contains((byte)'\t') ? RecordFormat.Tsv : RecordFormat.Csv;
    }
}
