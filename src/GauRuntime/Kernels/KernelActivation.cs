using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels;

/// <summary>An activation as a kernel is asked for it.</summary>
/// <param name="Function">Identity, swish, relu, gelu or its tanh form.</param>
/// <param name="Short">
/// Whether its results become int8 at once: an error of 2⁻¹² of each, see <see cref="ShortSeries"/>, then is one of at
/// most a thirtieth of a step.
/// </param>
internal readonly record struct KernelActivation(Activation Function, bool Short = false)
{
    /// <summary>The activation at the accuracy of floats.</summary>
    public static implicit operator KernelActivation(Activation function) => new(function);

    /// <summary>The activation whose results go into a layer.</summary>
    /// <param name="function">The activation.</param>
    /// <param name="next">What the layer's weights, and so its inputs, are stored as.</param>
    public static KernelActivation Into(Activation function, WeightType next) =>
        new(function, next == WeightType.Int8);
}
