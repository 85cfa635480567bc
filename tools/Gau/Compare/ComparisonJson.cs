using System.Text.Json;
using GauRuntime.Evaluation.Comparison;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Compare;

/// <summary>A comparison as one JSON object on one line. What neither file has is left out.</summary>
internal static class ComparisonJson
{
    public static string Of(ComparisonReport report) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("a"u8, report.NameA);
        json.WriteString("b"u8, report.NameB);
        json.WriteBoolean("identical"u8, report.Identical);
        json.WriteNumber("records"u8, report.Records);
        json.WriteNumber("compared"u8, report.Compared);
        json.WriteStartObject("rejected"u8);
        json.WriteNumber("only_a"u8, report.RejectedOnlyInA);
        json.WriteNumber("only_b"u8, report.RejectedOnlyInB);
        json.WriteNumber("both"u8, report.RejectedInBoth);
        json.WriteEndObject();
        WriteAgreements(report, json);
        WriteShifts(report, json);
        WriteEntities(report.Entities, json);
        WriteRankings(report.Rankings, json);
        WriteDrifts(report, json);
        WriteCosine(report.Cosine, json);
        WriteGaps(report, json);
        json.WriteEndObject();
    }) + "\n";

    private static void WriteAgreements(ComparisonReport report, Utf8JsonWriter json)
    {
        json.WriteStartObject("agreement"u8);
        foreach (Agreement agreement in report.Agreements.Where(agreement => agreement.Compared > 0))
        {
            json.WriteStartObject(agreement.Name);
            json.WriteNumber("compared"u8, agreement.Compared);
            json.WriteNumber("same"u8, agreement.Same);
            json.WriteNumber("different"u8, agreement.Different);
            json.WriteNumber("share"u8, agreement.Share);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteShifts(ComparisonReport report, Utf8JsonWriter json)
    {
        if (report.Shifts.Records == 0)
            return;
        long others = report.Shifts.Records;
        json.WriteStartArray("label_shifts"u8);
        foreach (LabelShift shift in report.Shifts.Top(ComparisonWords.ShownShifts))
        {
            json.WriteStartObject();
            json.WriteString("from"u8, shift.From);
            json.WriteString("to"u8, shift.To);
            json.WriteNumber("records"u8, shift.Records);
            json.WriteEndObject();
            others -= shift.Records;
        }
        json.WriteEndArray();
        json.WriteNumber("other_label_shifts"u8, others);
    }

    private static void WriteEntities(EntityOverlap entities, Utf8JsonWriter json)
    {
        if (entities.InA + entities.InB == 0)
            return;
        json.WriteStartObject("entities"u8);
        json.WriteNumber("a"u8, entities.InA);
        json.WriteNumber("b"u8, entities.InB);
        json.WriteNumber("same"u8, entities.Same);
        WriteShare("precision", entities.Precision, json);
        WriteShare("recall", entities.Recall, json);
        WriteShare("f1", entities.F1, json);
        json.WriteEndObject();
    }

    private static void WriteRankings(RankingOverlap rankings, Utf8JsonWriter json)
    {
        if (rankings.InA + rankings.InB == 0)
            return;
        json.WriteStartObject("rankings"u8);
        json.WriteNumber("a"u8, rankings.InA);
        json.WriteNumber("b"u8, rankings.InB);
        json.WriteNumber("same"u8, rankings.Same);
        WriteShare("recall_at_10", rankings.Recall, json);
        if (rankings.Correlation is { } correlation)
        {
            json.WriteStartObject("spearman"u8);
            json.WriteNumber("count"u8, rankings.Correlated);
            json.WriteNumber("mean"u8, correlation);
            json.WriteNumber("min"u8, rankings.LeastCorrelation);
            json.WriteString("min_id"u8, rankings.LeastId);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteShare(string name, double? share, Utf8JsonWriter json)
    {
        if (share is { } value)
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }

    private static void WriteDrifts(ComparisonReport report, Utf8JsonWriter json)
    {
        json.WriteStartObject("drift"u8);
        foreach (Drift drift in report.Drifts.Where(drift => drift.Count > 0))
        {
            json.WriteStartObject(drift.Name);
            json.WriteNumber("count"u8, drift.Count);
            json.WriteNumber("mean"u8, drift.Mean);
            json.WriteNumber("p50"u8, drift.Percentile(50));
            json.WriteNumber("p95"u8, drift.Percentile(95));
            json.WriteNumber("p99"u8, drift.Percentile(99));
            json.WriteNumber("max"u8, drift.Max);
            json.WriteString("max_id"u8, drift.MaxId);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteCosine(CosineSimilarity cosine, Utf8JsonWriter json)
    {
        if (cosine.Count == 0)
            return;
        json.WriteStartObject("cosine"u8);
        json.WriteNumber("count"u8, cosine.Count);
        json.WriteNumber("mean"u8, cosine.Mean);
        json.WriteNumber("p5"u8, cosine.Percentile(5));
        json.WriteNumber("p1"u8, cosine.Percentile(1));
        json.WriteNumber("min"u8, cosine.Min);
        json.WriteString("min_id"u8, cosine.MinId);
        json.WriteEndObject();
    }

    private static void WriteGaps(ComparisonReport report, Utf8JsonWriter json)
    {
        if (!report.Gaps.Any())
            return;
        json.WriteStartObject("not_comparable"u8);
        foreach (FieldGap gap in report.Gaps)
        {
            json.WriteStartObject(gap.Name);
            json.WriteNumber("only_a"u8, gap.OnlyInA);
            json.WriteNumber("only_b"u8, gap.OnlyInB);
            json.WriteNumber("other_shape"u8, gap.OtherShape);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
