using System.Globalization;
using GauRuntime.Tools;
using GauRuntime.Train.Data;
using GauRuntime.Train.Models;
using GauRuntime.Train.Output;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Pretraining;

/// <summary>What the card of a pretrained model says.</summary>
internal static class PretrainCard
{
    /// <param name="options">The command line.</param>
    /// <param name="plan">What decided the result.</param>
    /// <param name="data">What it was trained on.</param>
    /// <param name="last">What it reached; null: nothing was measured.</param>
    public static ModelCard Of(PretrainOptions options, PretrainPlan plan, PretrainingData data, CurvePoint? last)
    {
        ModelConfig model = plan.Model;
        return new ModelCard
        {
            Title = $"{model.Traits.Title}, {model.LayerCount} layers, pretrained as a masked LM",
            Origin = options.From is { } from
                ? $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(from))} ({plan.From})" : "random weights",
            Data =
            [
                ("texts", options.DataNote ?? "not said by who trained it"),
                ("pieces trained on", Number(data.Count)), ("pieces held out", Number(data.HeldOutCount)),
                ("XxHash128 of the pieces", plan.Corpus),
            ],
            Licence = options.Licence,
            Recipe =
            [
                ("task", (plan.Segmenter == "char" ? "masked LM on single tokens" : "masked LM on whole words")
                    + $" (segmenter {plan.Segmenter}), segments all 0"),
                ("optimizer", Invariant(
                    $"LAMB, rate {plan.Rate}, schedule {plan.Schedule}, weight decay {plan.Lamb.WeightDecay}")),
                ("updates", Invariant($"{plan.Updates} of {plan.Accumulate} × {plan.BatchTokens} tokens at most")),
                ("longest text", Invariant($"{plan.MaxLength} tokens")),
                ("dropout", Invariant($"{plan.HiddenDropout}, of attention {plan.AttentionDropout}")),
                .. Patterns("no decay", plan.Lamb.NoDecay),
                .. Patterns("steps not adapted to norms", plan.Lamb.NoAdapt),
            ],
            Dropout = new DropoutRates(plan.HiddenDropout, plan.AttentionDropout),
            Metrics = last is null ? [] : MetricsOf(last),
            Seed = plan.Seed,
            Versions =
            [
                ("program", plan.Program), ("computed on", Invariant($"{plan.Device}, {plan.Threads} threads")),
            ],
        };
    }

    private static (string What, string Value)[] MetricsOf(CurvePoint last) =>
    [
        ("tokens trained on", Number(last.Tokens)),
        ("loss while training", Invariant($"{last.Loss:F4} nats per masked token")),
        .. last.HeldOutLoss is { } loss
            ? ((string, string)[])
            [
                ("loss on held-out texts", Invariant($"{loss:F4} nats per masked token")),
                ("accuracy on held-out texts", Percent.Of(last.HeldOutAccuracy!.Value)),
            ]
            : [],
    ];

    private static IEnumerable<(string What, string Value)> Patterns(string what, IReadOnlyList<string> patterns) =>
        patterns.Count == 0 ? [] : [(what, string.Join(", ", patterns.Select(pattern => $"`{pattern}`")))];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
