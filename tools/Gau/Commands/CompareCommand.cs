using System.CommandLine;
using System.Globalization;
using GauRuntime.Cli.Compare;
using GauRuntime.Evaluation.Comparison;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau compare</c>: how two files of results for the same records differ.</summary>
internal sealed class CompareCommand
{
    private readonly Argument<string> fileA = new("A")
    {
        Description = "A file of results in JSON Lines, CSV, TSV, Parquet or Arrow; - is standard input.",
    };

    private readonly Argument<string> fileB = new("B")
    {
        Description = "Results for the same records in the same order; another format will do.",
    };

    private readonly Option<string> format = OptionKinds.Word(
        "--format", "Format of both files; auto goes by the extension, or else by the first bytes.", "auto",
        FormatWords.WithFields);
    private readonly Option<double?> tolerance = OptionKinds.Amount(
        "--tolerance", "End with code 78 if a number differs by more, or anything else differs [default: no limit]");
    private readonly Option<int?> maxLine = OptionKinds.Number(
        "--max-line", $"Refuse longer records, in bytes [default: {RecordSource.DefaultLongestLine}]", 1, 1 << 30);

    private CompareCommand()
    {
    }

    public static Command Create(CommandHost host)
    {
        CompareCommand compare = new();
        Command command = new(
            "compare", "Show how the results in two files differ: labels, scores, vectors, words, rankings.");
        command.Add(compare.fileA);
        command.Add(compare.fileB);
        Array.ForEach<Option>([compare.format, compare.tolerance, compare.maxLine], command.Add);
        command.SetAction(result => compare.Execute(result, host));
        return command;
    }

    private int Execute(ParseResult result, CommandHost host)
    {
        string a = result.GetValue(this.fileA)!, b = result.GetValue(this.fileB)!;
        if (a == "-" && b == "-")
            throw new ToolException(ExitCode.Usage, "only one of the two files can be standard input");
        RecordFormat? asked = RecordFormats.Parse(result.GetValue(format)!);
        ComparedFile fileA = Find(a, asked, host), fileB = Find(b, asked, host);
        Inputs.Touched(host, [fileA.Input, fileB.Input]);
        ComparisonReport report = ResultComparison.Run(
            fileA, fileB,
            result.GetValue(maxLine) ?? RecordSource.DefaultLongestLine, host.Cancel);
        host.Print(
            result.GetValue<bool>(CommonOptions.JsonName) ? ComparisonJson.Of(report) : ComparisonWords.Of(report));
        if (result.GetValue(tolerance) is { } most && ToleranceCheck.Beyond(report, most) is [_, ..] beyond)
        {
            string limit = most.ToString(CultureInfo.InvariantCulture);
            throw new ToolException(ExitCode.Mismatch, $"beyond --tolerance {limit}: {string.Join("; ", beyond)}");
        }
        return ExitCode.Ok;
    }

    private static ComparedFile Find(string path, RecordFormat? asked, CommandHost host)
    {
        RecordFormat? format = asked ?? (path == "-" ? null : RecordFormats.OfExtension(path));
        return new ComparedFile(Inputs.Find(path, format, host), format == RecordFormat.Text ? null : format);
    }
}
