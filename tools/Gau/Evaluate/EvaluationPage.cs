using System.Globalization;
using GauRuntime.Evaluation;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Tools;
using GauRuntime.Tools.Pages;
using static GauRuntime.Tools.Pages.HtmlText;

namespace GauRuntime.Cli.Evaluate;

/// <summary>An evaluation as a page: figures, drawings, and the records that were answered worst.</summary>
internal sealed class EvaluationPage
{
    private readonly EvaluationReport report;
    private readonly HeadEvaluation evaluation;
    private readonly EvaluationDetails details;

    private EvaluationPage(EvaluationReport report)
    {
        this.report = report;
        evaluation = report.Evaluation;
        details = report.Details!;
    }

    /// <summary>The page.</summary>
    /// <param name="report">With details.</param>
    /// <param name="model">What was evaluated.</param>
    /// <param name="inputs">Names of the records' files.</param>
    public static string Of(EvaluationReport report, GauModel model, IReadOnlyList<string> inputs) =>
        new EvaluationPage(report).Page(model, inputs).ToString();

    private HtmlPage Page(GauModel model, IReadOnlyList<string> inputs)
    {
        string name = Path.GetFileName(model.File.Path);
        string title = evaluation.Count == 0 ? "Nothing to compare with" : Figure(evaluation.Measures[0]);
        HtmlPage page = new HtmlPage($"{title} – gau eval", EvaluationStyle.Sheet)
            .Add($"<p class=\"over\">gau eval</p>\n<h1>{Unbroken(title)}</h1>\n")
            .Add($"<p class=\"note\"><bdi>{Escape(name)}</bdi>, {Escape(model.File.Hash)}"
                + (report.Task is null ? "" : $"; CLUE task {Escape(report.Task)}")
                + $"; <bdi>{Escape(Names(inputs))}</bdi></p>\n")
            .Add(Figures()).Add("<div class=\"grid\">\n");
        if (evaluation.Count > 0)
            AddComparison(page);
        page.Section("Records", "", HtmlTable.Of("Records", ["records", ""], Records(), open: true));
        return page.Add("</div>\n");
    }

    private void AddComparison(HtmlPage page)
    {
        if (evaluation.Calibration is { } calibration)
        {
            (string note, string chart) = ReliabilityChart.Of(calibration, evaluation.Uncalibrated);
            page.Section("Reliability", note, chart);
            page.Section(
                "Scores", calibration.EveryScore ? DistributionChart.LabelKey : DistributionChart.Key,
                DistributionChart.OfScores(calibration));
        }
        page.Section("Lengths", DistributionChart.Key, DistributionChart.OfLengths(details.Lengths));
        if (evaluation.Classes is { } classes)
            page.Section("Labels", "", Labels(classes));
        if (evaluation.Confusion is { } confusion)
            page.Section("Confusion", ConfusionTable.Note, ConfusionTable.Of(confusion), wide: true);
        page.Section("The worst answers", "", WorstList.Of(details.Worst), wide: true);
    }

    private string Figures() => "<div class=\"figures\">" + string.Concat(
        (evaluation.Count == 0 ? [] : evaluation.Measures).Select(measure =>
            $"<div class=\"figure\"><b>{Unbroken(EvaluationWords.Value(measure))}</b><span>{Escape(Name(measure))}"
            + (measure.Interval is { } i
                ? $", 95 %: {Unbroken(WordTable.Share(i.Low))} to {Unbroken(WordTable.Share(i.High))}" : "")
            + "</span></div>\n")) + "</div>\n";

    private IEnumerable<string[]> Records()
    {
        yield return ["all", Number(report.Records)];
        yield return ["compared", Number(evaluation.Count)];
        yield return ["without a label", Number(report.Unlabelled)];
        yield return ["truncated", Number(report.Truncated)];
        yield return ["rejected", Number(report.Rejected.Records)];
        foreach ((string reason, long records) in report.Rejected.Reasons)
            yield return [$"rejected: {reason}", Number(records)];
        if (report.Rejected.Others > 0)
            yield return ["rejected: other reasons", Number(report.Rejected.Others)];
    }

    private static string Labels(ClassCounts classes) => HtmlTable.Of(
        "Numbers", ["label", "precision", "recall", "F1", "labelled", "answered"],
        classes.Classes.Select(c => (string[])
        [
            c.Label, WordTable.Share(c.Precision), WordTable.Share(c.Recall), WordTable.Share(c.F1),
            Number(c.Labelled), Number(c.Answered),
        ]), open: true);

    private static string Figure(Measure measure) => $"{Name(measure)} {EvaluationWords.Value(measure)}";

    private static string Name(Measure measure) => measure.Name.Replace('_', ' ');

    private static string Names(IReadOnlyList<string> inputs) => inputs.Count <= 3
        ? string.Join(", ", inputs.Select(name => Path.GetFileName(name)))
        : $"{Path.GetFileName(inputs[0])} and {inputs.Count - 1} more";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
