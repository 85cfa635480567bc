using System.Text.Json;

namespace GauRuntime.Evaluation.Metrics;

/// <summary>An answer per record, or several that are right: a text or an array of texts.</summary>
internal sealed class AnswerEvaluation : HeadEvaluation
{
    private long exact;
    private double f1;

    public override IReadOnlyList<Measure> Measures =>
        [Measure.Part("exact_match", exact, Count), new("f1", Measure.Ratio(f1, Count))];

    internal override string? Fault(JsonElement label) => label.ValueKind switch
    {
        JsonValueKind.String => null,
        JsonValueKind.Array when label.GetArrayLength() > 0
            && label.EnumerateArray().All(a => a.ValueKind == JsonValueKind.String) => null,
        _ => $"label '{Shown(label)}' is neither a text nor an array of texts",
    };

    private protected override void Compare(JsonElement row, JsonElement label)
    {
        string answer = row.GetProperty("answer"u8).GetString() ?? "";
        string[] truths = label.ValueKind == JsonValueKind.String
            ? [label.GetString()!]
            : [.. label.EnumerateArray().Select(a => a.GetString()!)];
        exact += truths.Any(truth => AnswerOverlap.IsExact(truth, answer)) ? 1 : 0;
        f1 += truths.Max(truth => AnswerOverlap.F1(truth, answer));
    }
}
