using System.Globalization;
using System.Text.Unicode;

namespace GauRuntime.Scoring.Formats;

/// <summary>Reasons that more than one format can give for rejecting a record.</summary>
internal static class RecordErrors
{
    public const string TooLong = "the record is longer than the longest line allowed";

    /// <summary>Why the current record is no record in any format, or null.</summary>
    public static string? OfLine(RecordSplitter lines)
    {
        if (lines.TooLong)
            return TooLong;
        return Utf8.IsValid(lines.Line) ? null : NotUtf8(lines.Line);
    }

    /// <summary>Names the first byte that is not UTF-8.</summary>
    public static string NotUtf8(ReadOnlySpan<byte> bytes) => string.Create(
        CultureInfo.InvariantCulture, $"not UTF-8 at byte {InvalidUtf8.ValidLength(bytes)} of the record");
}
