using GauRuntime.Weights.ModelFile;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GauRuntime.Train.Models;

/// <summary>The activations as libtorch has them.</summary>
internal static class ActivationFunction
{
    /// <summary>act(x), element by element.</summary>
    public static Tensor Apply(Activation act, Tensor x) => act switch
    {
        Activation.Identity => x,
        Activation.Swish => nn.functional.silu(x),
        Activation.Relu => nn.functional.relu(x),
        Activation.Tanh => x.tanh(),
        Activation.Gelu => nn.functional.gelu(x),
        Activation.GeluTanh => nn.functional.gelu(x, GELU.Approximate.tanh),
        Activation.Sigmoid => x.sigmoid(),
        _ => throw new ArgumentOutOfRangeException(nameof(act), act, "unknown activation"),
    };
}
