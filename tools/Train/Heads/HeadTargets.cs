namespace GauRuntime.Train.Heads;

/// <summary>What is true of records: a label each, or a number for every output.</summary>
/// <param name="Labels">The label [records]; empty where there are values.</param>
/// <param name="Values">0 or 1, or the value of a regression [records, outputs]; empty where there are labels.</param>
internal sealed record HeadTargets(int[] Labels, float[] Values);
