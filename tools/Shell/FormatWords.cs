using GauRuntime.Scoring.Records;

namespace GauRuntime.Tools.Shell;

/// <summary>The words of options that name a format, of which the first leaves it to the extension.</summary>
internal static class FormatWords
{
    /// <summary>Of records.</summary>
    public static string[] OfRecords { get; } = ["auto", .. RecordFormats.Names.Split(", ")];

    /// <summary>Of records that are written as text.</summary>
    public static string[] OfTexts { get; } = Where(format => !RecordFormats.IsTable(format));

    /// <summary>Of records that have fields.</summary>
    public static string[] WithFields { get; } = Where(format => format != RecordFormat.Text);

    private static string[] Where(Func<RecordFormat, bool> isOne) =>
        [.. OfRecords.Where(word => RecordFormats.Parse(word) is not { } format || isOne(format))];
}
