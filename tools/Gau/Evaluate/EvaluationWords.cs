using System.Globalization;
using GauRuntime.Evaluation;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Weights;
using static GauRuntime.Cli.WordTable;

namespace GauRuntime.Cli.Evaluate;

/// <summary>
/// An evaluation as tables to read. Labels come last in a line: how wide they are is up to the terminal.
/// </summary>
internal sealed class EvaluationWords
{
    /// <summary>Of more labels, the matrix is only the pairs of most records.</summary>
    private const int MostColumns = 12, ShownPairs = 20;

    private readonly WordTable table = new();

    private EvaluationWords()
    {
    }

    public static string Of(EvaluationReport report)
    {
        EvaluationWords words = new();
        words.AddRecords(report);
        if (report.Evaluation.Count > 0)
        {
            words.AddMeasures(report.Evaluation.Measures);
            words.AddClasses(report.Evaluation.Classes);
            words.AddConfusion(report.Evaluation.Confusion);
            CalibrationWords.Add(report.Evaluation.Calibration, report.Evaluation.Uncalibrated, words.table);
        }
        return words.table.ToString();
    }

    private void AddRecords(EvaluationReport report)
    {
        if (report.Task is not null)
            table.Row("CLUE task", Cell(report.Task));
        table.Row("records", Cell(report.Records));
        table.Row("compared", Cell(report.Evaluation.Count));
        table.Row("without a label", Cell(report.Unlabelled));
        table.Row("truncated", Cell(report.Truncated));
        table.Row("rejected", Cell(report.Rejected.Records));
        foreach ((string reason, long records) in report.Rejected.Reasons)
            table.Row("", Cell(records), "  " + Printable.OneLine(reason));
        if (report.Rejected.Others > 0)
            table.Row("", Cell(report.Rejected.Others), "  other reasons");
    }

    private void AddMeasures(IReadOnlyList<Measure> measures)
    {
        table.Line();
        foreach (Measure measure in measures)
        {
            string interval = measure.Interval is { } i ? $"  95 %: {Share(i.Low)} to {Share(i.High)}" : "";
            table.Row(measure.Name.Replace('_', ' '), Cell(Value(measure)), interval);
        }
    }

    private void AddClasses(ClassCounts? classes)
    {
        if (classes is null)
            return;
        table.Header("", "precision", "recall", "F1", "labelled", "answered", "  label");
        foreach (ClassCount c in classes.Classes)
            table.Row(
                "", Cell(Share(c.Precision)), Cell(Share(c.Recall)), Cell(Share(c.F1)), Cell(c.Labelled),
                Cell(c.Answered), "  " + Printable.OneLine(c.Label));
    }

    private void AddConfusion(ConfusionMatrix? confusion)
    {
        if (confusion is null)
            return;
        if (confusion.Labels.Count > MostColumns)
        {
            AddPairs(confusion);
            return;
        }
        table.Line();
        table.Line("labelled ↓ answered →");
        table.Row("", [.. confusion.Labels.Select((_, i) => Cell($"[{i}]")), "  label"]);
        for (int i = 0; i < confusion.Labels.Count; i++)
            table.Row(
                $"[{i}]",
                [
                    .. confusion.Labels.Select((_, answer) => Cell(confusion[i, answer])),
                    "  " + Printable.OneLine(confusion.Labels[i]),
                ]);
    }

    private void AddPairs(ConfusionMatrix confusion)
    {
        (long Records, int Label, int Answer)[] pairs = [.. confusion.Mistakes];
        table.Header("labelled → answered", "records");
        foreach ((long records, int label, int answer) in pairs.Take(ShownPairs))
            table.Row(
                "", Cell(records),
                $"  {Printable.OneLine(confusion.Labels[label])} → {Printable.OneLine(confusion.Labels[answer])}");
        if (pairs.Length > ShownPairs)
            table.Row("", Cell(pairs.Skip(ShownPairs).Sum(p => p.Records)), "  … and others; --json has all");
    }

    /// <summary>A figure for people.</summary>
    public static string Value(Measure measure) => measure switch
    {
        { Value: null } => "–",
        { Unit: MeasureUnit.Share } => Share(measure.Value),
        { Unit: MeasureUnit.Count } => measure.Value.Value.ToString("0", CultureInfo.InvariantCulture),
        _ => measure.Value.Value.ToString("G5", CultureInfo.InvariantCulture),
    };
}
