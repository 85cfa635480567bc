using System.Globalization;
using GauRuntime.Evaluation.Rows;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;

namespace GauRuntime.Evaluation.Comparison;

/// <summary>One of two files to compare.</summary>
/// <param name="Input">The file; its own format does not count.</param>
/// <param name="Format">JSON Lines, CSV, TSV, Parquet or Arrow; null: the file's first bytes tell.</param>
internal sealed record ComparedFile(InputFile Input, RecordFormat? Format);

/// <summary>Compares two files of results for the same records, row by row.</summary>
/// <remarks>
/// Memory: a line of each file, or the rows of a query where pairs are rows, and some histograms, whatever the size of
/// the files.
/// </remarks>
internal static class ResultComparison
{
    private const int LongestId = 80;

    /// <summary>Reads both files to their ends.</summary>
    /// <param name="a">The first file.</param>
    /// <param name="b">The second file, whose rows are for the same records in the same order.</param>
    /// <param name="longestLine">The longest line or CSV record allowed, in bytes.</param>
    /// <param name="cancel">Ends the comparison.</param>
    /// <exception cref="GauFormatException">A file is malformed, or they are not for the same records.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ComparisonReport Run(
        ComparedFile a, ComparedFile b, int longestLine = RecordSource.DefaultLongestLine,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(longestLine);
        using ResultReader left = ResultReader.Open(a.Input, a.Format, longestLine);
        using ResultReader right = ResultReader.Open(b.Input, b.Format, longestLine);
        ComparisonReport report = new(left.Name, right.Name);
        QueryRows rowsA = new(left), rowsB = new(right);
        RowComparison rows = new(report);
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            ResultRow? rowA = rowsA.Read(), rowB = rowsB.Read();
            if (rowA is null && rowB is null)
                break;
            if (rowA is null)
                throw Ended(left, report.Records, right, rowB!);
            if (rowB is null)
                throw Ended(right, report.Records, left, rowA);
            if (rowA.Id != rowB.Id)
                throw new GauFormatException(
                    right.Name, Line(rowB),
                    $"record {Number(report.Records)} has the id {Quoted(rowB)}, but in {Short(left.Name)}, "
                    + $"{Line(rowA)}, {Quoted(rowA)}");
            rows.Add(rowA, rowB);
        }
        report.Identical = left.Digest == right.Digest;
        return report;
    }

    private static GauFormatException Ended(ResultReader ended, long records, ResultReader other, ResultRow next) =>
        new(
            ended.Name, $"record {Number(records)}",
            $"ends here, but {Short(other.Name)} goes on with the id {Quoted(next)} on {Line(next)}");

    private static string Line(ResultRow row) => $"line {Number(row.Line)}";

    private static string Quoted(ResultRow row) => $"'{Short(row.Id!)}'";

    // So that both ids have their place in one message.
    private static string Short(string text) => Printable.Shortened(text, LongestId);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
