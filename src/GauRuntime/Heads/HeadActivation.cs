using GauRuntime.Encoder;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Heads;

/// <summary>The activation between the layers of a head.</summary>
internal static unsafe class HeadActivation
{
    /// <summary>x ← act(x).</summary>
    /// <param name="model">The model whose head it is.</param>
    /// <param name="x">[count], a multiple of 16.</param>
    /// <param name="count">Elements.</param>
    public static void Apply(GauModel model, float* x, int count)
    {
        if (model.Head.DenseActivation != Activation.Tanh)
        {
            model.Kernels.Activate(model.Head.DenseActivation, x, count);
            return;
        }
        for (int i = 0; i < count; i++)
        {
            // tanh x = 1 − 2 / (e²ˣ + 1); beyond ±20 it is ±1 to the last bit.
            double power = StrictMath.Exp(2 * Math.Clamp((double)x[i], -20, 20));
            x[i] = (float)(1 - 2 / (power + 1));
        }
    }
}
