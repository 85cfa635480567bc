using System.Globalization;
using System.Text.Unicode;
using GauRuntime.Scoring.Records.Encoded;

namespace GauRuntime.Scoring.Records;

/// <summary>Reasons that more than one format can give for rejecting a record.</summary>
internal static class RecordErrors
{
    public const string TooLong = "the record is longer than the longest line allowed";

    /// <summary>What ends a run whose numbers of records come to an end.</summary>
    public const string Uncountable = "with the inputs before it, more records than can be counted";

    /// <summary>One that is not at the start of the input, as where files were put together.</summary>
    public const string ByteOrderMark = "a byte order mark at the start of the line";

    /// <summary>Why the current record is no record in any format, or null.</summary>
    public static string? OfLine(RecordSplitter lines)
    {
        if (lines.TooLong)
            return TooLong;
        return Utf8.IsValid(lines.Line) ? null : NotDecoded(lines);
    }

    // Names the first byte that is no character, and the encoding that the record looks like. Nothing but the record
    // tells that, so its error is the same in whatever company it is.
    private static string NotDecoded(RecordSplitter lines)
    {
        int at = lines.EncodedLength(InvalidUtf8.ValidLength(lines.Line));
        string hint = lines.Source.CanChoose && Likely(lines) is { } likely
            ? $"; it looks like {(likely == TextEncoding.Gb18030 ? "GBK" : likely.Name())}: {likely.Option()}"
            : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"not {lines.Source.Encoding.Name()} at byte {at} of the record{hint}");
    }

    // What looks like nothing else is taken for UTF-8, but need not be.
    private static TextEncoding? Likely(RecordSplitter lines)
    {
        TextEncoding likely = EncodingJudgement.Of(lines.Encoded);
        return likely.Name() != lines.Source.Encoding.Name()
            && (likely != TextEncoding.Utf8 || Utf8.IsValid(lines.Encoded)) ? likely : null;
    }
}
