using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Tasks;

/// <summary>A record that could not be taken.</summary>
/// <param name="Record">As it was read.</param>
/// <param name="Error">Why.</param>
internal readonly record struct RejectedRecord(TextRecord Record, string Error);
