using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Evaluation.Metrics;

/// <summary>An answer per record, or several that are right: a text or an array of texts.</summary>
internal sealed class AnswerEvaluation : HeadEvaluation
{
    private long exact;
    private double f1;

    public override IReadOnlyList<Measure> Measures =>
        [Measure.Part("exact_match", exact, Count), new("f1", Measure.Ratio(f1, Count))];

    internal override bool TakesArrays => true;

    internal override string? Fault(JsonElement label) => label.ValueKind switch
    {
        JsonValueKind.String => null,
        JsonValueKind.Array when label.GetArrayLength() > 0
            && label.EnumerateArray().All(a => a.ValueKind == JsonValueKind.String) => null,
        _ => $"label '{Shown(label)}' is neither a text nor an array of texts",
    };

    internal override string Shown(in TextRecord record, Answer answer) =>
        Found(record, answer) is { Length: > 0 } found ? found : "no answer";

    private protected override double Compare(in TextRecord record, Answer answer, JsonElement label)
    {
        string found = Found(record, answer);
        string[] truths = label.ValueKind == JsonValueKind.String
            ? [label.GetString()!]
            : [.. label.EnumerateArray().Select(a => a.GetString()!)];
        exact += truths.Any(truth => AnswerOverlap.IsExact(truth, found)) ? 1 : 0;
        double best = truths.Max(truth => AnswerOverlap.F1(truth, found));
        f1 += best;
        return 1 - best;
    }

    private static string Found(in TextRecord record, Answer answer) =>
        answer is SpanAnswer { Found: true } span ? record.Pair![span.Start..span.End] : "";
}
