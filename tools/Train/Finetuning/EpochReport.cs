using GauRuntime.Evaluation.Metrics;

namespace GauRuntime.Train.Finetuning;

/// <summary>How an epoch went.</summary>
/// <param name="Epoch">Which, from 1.</param>
/// <param name="Loss">The mean over its micro-batches.</param>
/// <param name="Dev">What the model is worth after it.</param>
/// <param name="IsBest">Whether no epoch before was as good.</param>
/// <param name="Seconds">That it took, evaluation included.</param>
internal sealed record EpochReport(int Epoch, double Loss, HeadEvaluation Dev, bool IsBest, double Seconds);
