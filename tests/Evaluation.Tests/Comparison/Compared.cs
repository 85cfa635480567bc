using System.Text;
using GauRuntime.Evaluation.Comparison;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Evaluation.Tests.Comparison;

/// <summary>Comparisons of contents in memory; the files are called a and b.</summary>
internal static class Compared
{
    public static ComparisonReport Of(string a, string b, RecordFormat? formatA = null, RecordFormat? formatB = null) =>
        ResultComparison.Run(File("a", a, formatA), File("b", b, formatB));

    /// <summary>Of JSON Lines, a line per record.</summary>
    public static ComparisonReport Of(string[] a, string[] b) => Of(string.Join('\n', a), string.Join('\n', b));

    /// <summary>Compares a content with itself.</summary>
    public static ComparisonReport WithItself(byte[] content, RecordFormat? format = null, int longest = 1 << 20) =>
        ResultComparison.Run(File("a", content, format), File("b", content, format), longest);

    public static ComparedFile File(string name, string content, RecordFormat? format = null) =>
        File(name, Encoding.UTF8.GetBytes(content), format);

    public static ComparedFile File(string name, byte[] content, RecordFormat? format = null) =>
        new(new InputFile(name, RecordFormat.Text, content.Length, () => new MemoryStream(content)), format);

    public static Drift Drift(this ComparisonReport report, string name) => report.Drifts.Single(d => d.Name == name);

    public static Agreement Agreement(this ComparisonReport report, string name) =>
        report.Agreements.Single(a => a.Name == name);
}
