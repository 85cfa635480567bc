using System.Globalization;
using GauRuntime.Evaluation.Comparison;
using GauRuntime.Weights;
using static GauRuntime.Cli.WordTable;

namespace GauRuntime.Cli.Compare;

/// <summary>A comparison as tables to read. What neither file has is left out.</summary>
internal sealed class ComparisonWords
{
    /// <summary>Label shifts that are told one by one.</summary>
    public const int ShownShifts = 20;

    private const string AtId = "  at id";

    private readonly WordTable table = new();

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
        words.AddRankings(report.Rankings);
        words.AddDrifts(report);
        words.AddCosine(report.Cosine);
        words.AddGaps(report);
        return words.table.ToString();
    }

    private void AddRecords(ComparisonReport report)
    {
        table.Row("A", Printable.OneLine(report.NameA));
        table.Row("B", Printable.OneLine(report.NameB));
        table.Row("bytes", report.Identical ? "identical" : "not identical");
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
        table.Header("agreement", "compared", "same", "different", "share");
        foreach (Agreement agreement in agreements)
            table.Row(
                agreement.Name, Cell(agreement.Compared), Cell(agreement.Same), Cell(agreement.Different),
                Cell(Share(agreement.Share)));
    }

    private void AddShifts(ComparisonReport report)
    {
        if (report.Shifts.Records == 0)
            return;
        // Labels come last: how wide their characters are is up to the terminal.
        table.Header("label in A → in B", "records");
        long others = report.Shifts.Records;
        foreach (LabelShift shift in report.Shifts.Top(ShownShifts))
        {
            table.Row("", Cell(shift.Records), $"  {Printable.OneLine(shift.From)} → {Printable.OneLine(shift.To)}");
            others -= shift.Records;
        }
        if (others > 0)
            table.Row("", Cell(others), "  … and " + (others == 1 ? "1 more" : $"{Whole(others)} more"));
    }

    private void AddEntities(EntityOverlap entities)
    {
        if (entities.InA + entities.InB == 0)
            return;
        table.Header("entities", "in A", "in B", "in both", "precision", "recall", "F1");
        table.Row(
            "label and place", Cell(entities.InA), Cell(entities.InB), Cell(entities.Same),
            Cell(Share(entities.Precision)), Cell(Share(entities.Recall)), Cell(Share(entities.F1)));
    }

    private void AddRankings(RankingOverlap rankings)
    {
        if (rankings.InA + rankings.InB == 0)
            return;
        table.Header("rankings", "in A", "in B", "in both", "recall@10");
        table.Row(
            "candidates", Cell(rankings.InA), Cell(rankings.InB), Cell(rankings.Same), Cell(Share(rankings.Recall)));
        if (rankings.Correlation is not { } correlation)
            return;
        table.Header("rank correlation", "queries", "mean", "min", AtId);
        table.Row(
            "Spearman's rho", Cell(rankings.Correlated), Cell(Cosine(correlation)),
            Cell(Cosine(rankings.LeastCorrelation)), Id(rankings.LeastId));
    }

    private void AddDrifts(ComparisonReport report)
    {
        Drift[] drifts = [.. report.Drifts.Where(drift => drift.Count > 0)];
        if (drifts.Length == 0)
            return;
        table.Header("|Δ|", "count", "mean", "p50", "p95", "p99", "max", AtId);
        foreach (Drift drift in drifts)
            table.Row(
                drift.Name, Cell(drift.Count), Cell(drift.Mean), Cell(drift.Percentile(50)),
                Cell(drift.Percentile(95)), Cell(drift.Percentile(99)), Cell(drift.Max),
                Id(drift.MaxId));
    }

    private void AddCosine(CosineSimilarity cosine)
    {
        if (cosine.Count == 0)
            return;
        table.Header("cosine", "count", "mean", "p5", "p1", "min", AtId);
        table.Row(
            "embedding", Cell(cosine.Count), Cell(Cosine(cosine.Mean)), Cell(Cosine(cosine.Percentile(5))),
            Cell(Cosine(cosine.Percentile(1))), Cell(Cosine(cosine.Min)), Id(cosine.MinId));
    }

    private void AddGaps(ComparisonReport report)
    {
        if (!report.Gaps.Any())
            return;
        table.Header("not comparable", "only in A", "only in B", "other shape");
        foreach (FieldGap gap in report.Gaps)
            table.Row(gap.Name, Cell(gap.OnlyInA), Cell(gap.OnlyInB), Cell(gap.OtherShape));
    }

    private void Numbers(string name, long number) => table.Row(name, Cell(number));

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Id(string? id) => id is null ? "" : "  " + Printable.OneLine(id);

    private static string Cosine(double cosine) => cosine.ToString("0.000000000", CultureInfo.InvariantCulture);
}
