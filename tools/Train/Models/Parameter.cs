using TorchSharp;

namespace GauRuntime.Train.Models;

/// <summary>A tensor that is trained.</summary>
/// <param name="Name">Its canonical name, one of <see cref="Weights.ModelFile.ModelTensors"/>.</param>
/// <param name="Value">[out, in] or [size]; its <c>grad</c> is the gradient.</param>
internal sealed record Parameter(string Name, torch.Tensor Value);
