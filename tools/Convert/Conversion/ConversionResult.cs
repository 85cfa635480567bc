using GauRuntime.Convert.Auto;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Conversion;

/// <summary>What a conversion made of what.</summary>
/// <param name="Model">The understood checkpoint.</param>
/// <param name="Kind">Kind of the checkpoint.</param>
/// <param name="Output">The model file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Hash">Its <c>gau.hash</c>.</param>
/// <param name="Reports">Error per matrix.</param>
/// <param name="Auto">How its storage was chosen; null where it was given.</param>
internal sealed record ConversionResult(
    ModelSource Model, CheckpointKind Kind, string Output, long Bytes, string Hash,
    IReadOnlyList<TensorReport> Reports, AutoResult? Auto);
