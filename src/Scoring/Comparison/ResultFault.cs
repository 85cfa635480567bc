namespace GauRuntime.Scoring.Comparison;

/// <summary>A row is no result; the reader of its file adds where it stands.</summary>
internal sealed class ResultFault(string reason) : Exception(reason);
