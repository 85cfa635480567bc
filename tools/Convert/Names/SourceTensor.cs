using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Convert.Names;

/// <summary>Where a tensor of the model comes from.</summary>
/// <param name="Entry">The tensor in the checkpoint.</param>
/// <param name="Transposed">It is stored [in, out], as TensorFlow and Keras keep kernels.</param>
internal sealed record SourceTensor(TensorEntry Entry, bool Transposed);
