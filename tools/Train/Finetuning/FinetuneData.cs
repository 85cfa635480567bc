using GauRuntime.Scoring.Records;

namespace GauRuntime.Train.Finetuning;

/// <summary>What a model is fine-tuned with.</summary>
/// <param name="Train">Examples that it learns.</param>
/// <param name="Dev">Records that judge.</param>
/// <param name="DevExamples">They as the model sees them.</param>
/// <param name="Values">How the values of a regression are scaled in <paramref name="Train"/>.</param>
internal sealed record FinetuneData(
    IReadOnlyList<Example> Train, IReadOnlyList<TextRecord> Dev, IReadOnlyList<Example> DevExamples,
    ValueScale Values);
