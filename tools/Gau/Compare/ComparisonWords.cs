using System.Globalization;
using System.Text;
using GauRuntime.Scoring.Comparison;
using GauRuntime.Weights;

namespace GauRuntime.Cli.Compare;

/// <summary>A comparison as tables to read. What neither file has is left out.</summary>
internal sealed class ComparisonWords
{
    /// <summary>Label shifts that are told one by one.</summary>
    public const int ShownShifts = 20;

    private const int NameWidth = 24;
    private const int NumberWidth = 12;
    private const string AtId = "  at id";

    private readonly StringBuilder text = new();

    private ComparisonWords()
    {
    }

    public static string Of(ComparisonReport report)
    {
        ComparisonWords words = new();
        words.AddRecords(report);
        words.AddAgreements(report);
        words.AddShifts(report);
        words.AddEntities(report.Entities);
        words.AddDrifts(report);
        words.AddCosine(report.Cosine);
        words.AddGaps(report);
        return words.text.ToString();
    }

    private void AddRecords(ComparisonReport report)
    {
        Row("A", Printable.OneLine(report.NameA));
        Row("B", Printable.OneLine(report.NameB));
        Row("bytes", report.Identical ? "identical" : "not identical");
        Numbers("records", report.Records);
        Numbers("compared", report.Compared);
        Numbers("rejected only in A", report.RejectedOnlyInA);
        Numbers("rejected only in B", report.RejectedOnlyInB);
        Numbers("rejected in both", report.RejectedInBoth);
    }

    private void AddAgreements(ComparisonReport report)
    {
        Agreement[] agreements = [.. report.Agreements.Where(agreement => agreement.Compared > 0)];
        if (agreements.Length == 0)
            return;
        Header("agreement", "compared", "same", "different", "share");
        foreach (Agreement agreement in agreements)
            Row(
                agreement.Name, Cell(agreement.Compared), Cell(agreement.Same), Cell(agreement.Different),
                Cell(Percent(agreement.Share)));
    }

    private void AddShifts(ComparisonReport report)
    {
        if (report.Shifts.Records == 0)
            return;
        // Labels come last: how wide their characters are is up to the terminal.
        Header("label in A → in B", "records");
        long others = report.Shifts.Records;
        foreach (LabelShift shift in report.Shifts.Top(ShownShifts))
        {
            Row("", Cell(shift.Records), $"  {Printable.OneLine(shift.From)} → {Printable.OneLine(shift.To)}");
            others -= shift.Records;
        }
        if (others > 0)
            Row("", Cell(others), "  … and " + (others == 1 ? "1 more" : $"{Whole(others)} more"));
    }

    private void AddEntities(EntityOverlap entities)
    {
        if (entities.InA + entities.InB == 0)
            return;
        Header("entities", "in A", "in B", "in both", "precision", "recall", "F1");
        Row(
            "label and place", Cell(entities.InA), Cell(entities.InB), Cell(entities.Same),
            Cell(Percent(entities.Precision)), Cell(Percent(entities.Recall)), Cell(Percent(entities.F1)));
    }

    private void AddDrifts(ComparisonReport report)
    {
        Drift[] drifts = [.. report.Drifts.Where(drift => drift.Count > 0)];
        if (drifts.Length == 0)
            return;
        Header("|Δ|", "count", "mean", "p50", "p95", "p99", "max", AtId);
        foreach (Drift drift in drifts)
            Row(
                drift.Name, Cell(drift.Count), Cell(drift.Mean), Cell(drift.Percentile(50)),
                Cell(drift.Percentile(95)), Cell(drift.Percentile(99)), Cell(drift.Max),
                Id(drift.MaxId));
    }

    private void AddCosine(CosineSimilarity cosine)
    {
        if (cosine.Count == 0)
            return;
        Header("cosine", "count", "mean", "p5", "p1", "min", AtId);
        Row(
            "embedding", Cell(cosine.Count), Cell(Cosine(cosine.Mean)), Cell(Cosine(cosine.Percentile(5))),
            Cell(Cosine(cosine.Percentile(1))), Cell(Cosine(cosine.Min)), Id(cosine.MinId));
    }

    private void AddGaps(ComparisonReport report)
    {
        if (!report.Gaps.Any())
            return;
        Header("not comparable", "only in A", "only in B", "other shape");
        foreach (FieldGap gap in report.Gaps)
            Row(gap.Name, Cell(gap.OnlyInA), Cell(gap.OnlyInB), Cell(gap.OtherShape));
    }

    private void Numbers(string name, long number) => Row(name, Cell(number));

    private void Header(string name, params ReadOnlySpan<string> columns)
    {
        text.Append('\n').Append(name.PadRight(NameWidth));
        foreach (string column in columns)
            text.Append(column == AtId ? AtId : Cell(column));
        text.Append('\n');
    }

    private void Row(string name, params ReadOnlySpan<string> cells)
    {
        text.Append(name.PadRight(NameWidth));
        foreach (string cell in cells)
            text.Append(cell);
        text.Append('\n');
    }

    private static string Cell(string value) => value.PadLeft(NumberWidth);

    private static string Cell(long number) => Cell(Whole(number));

    private static string Cell(double number) => Cell(number.ToString("G4", CultureInfo.InvariantCulture));

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Id(string? id) => id is null ? "" : "  " + Printable.OneLine(id);

    private static string Cosine(double cosine) => cosine.ToString("0.000000000", CultureInfo.InvariantCulture);

    private static string Percent(double? share) =>
        share is { } value ? (100 * value).ToString("0.00", CultureInfo.InvariantCulture) + " %" : "–";
}
