using GauRuntime.Encoder;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Heads;

/// <summary>The activation between the layers of a head.</summary>
internal static unsafe class HeadActivation
{
    /// <summary>x ← act(x) of a model's head.</summary>
    /// <param name="model">The model whose head it is.</param>
    /// <param name="x">[count], a multiple of 16.</param>
    /// <param name="count">Elements.</param>
    public static void Apply(GauModel model, float* x, int count) =>
        Apply(model.Kernels, model.Head.DenseActivation, x, count);

    /// <summary>x ← act(x).</summary>
    /// <param name="kernels">For those that the layers of encoders have.</param>
    /// <param name="activation">act.</param>
    /// <param name="x">[count], a multiple of 16.</param>
    /// <param name="count">Elements.</param>
    public static void Apply(KernelSet kernels, Activation activation, float* x, int count)
    {
        if (Exact(activation) is not { } act)
        {
            kernels.Activate(activation, x, count);
            return;
        }
        for (int i = 0; i < count; i++)
            x[i] = (float)act(x[i]);
    }

    /// <summary>Those that are computed in double precision; null: the kernels have it.</summary>
    private static Func<double, double>? Exact(Activation activation) => activation switch
    {
        Activation.Tanh => Tanh,
        Activation.Sigmoid => Sigmoid,
        _ => null,
    };

    // tanh x = 1 − 2 / (e²ˣ + 1); beyond ±20 it is ±1 to the last bit.
    private static double Tanh(double x) => 1 - 2 / (StrictMath.Exp(2 * Math.Clamp(x, -20, 20)) + 1);

    private static double Sigmoid(double x) => 1 / (1 + StrictMath.Exp(Math.Clamp(-x, -700, 700)));
}
