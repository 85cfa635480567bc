using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Encoder;

/// <summary>Activations that no kernel has, computed in double precision, in a sweep of their own.</summary>
internal static unsafe class ExactActivation
{
    /// <summary>x ← act(x), by a kernel where one has it.</summary>
    /// <param name="kernels">For those that have a kernel.</param>
    /// <param name="activation">act.</param>
    /// <param name="x">[count], a multiple of 16.</param>
    /// <param name="count">Elements.</param>
    public static void Apply(KernelSet kernels, Activation activation, float* x, int count)
    {
        if (InProduct(activation) == activation)
            kernels.Activate(activation, x, count);
        else
            Sweep(activation, x, count, 1, count);
    }

    /// <summary>What a product does before it writes: act, or nothing where a sweep has to follow.</summary>
    public static Activation InProduct(Activation activation) =>
        Of(activation) is null ? activation : Activation.Identity;

    /// <summary>x ← act(x).</summary>
    /// <param name="activation">act, which no kernel has.</param>
    /// <param name="x">[rows, ldx].</param>
    /// <param name="ldx">Row stride of x in floats.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    public static void Sweep(Activation activation, float* x, int ldx, int rows, int columns)
    {
        Func<double, double> act = Of(activation)!;
        for (int row = 0; row < rows; row++, x += ldx)
            for (int i = 0; i < columns; i++)
                x[i] = (float)act(x[i]);
    }

    /// <summary>act in double precision; null: the kernels have it.</summary>
    private static Func<double, double>? Of(Activation activation) => activation switch
    {
        Activation.Tanh => Tanh,
        Activation.Sigmoid => Sigmoid,
        _ => null,
    };

    // tanh x = 1 − 2 / (e²ˣ + 1); beyond ±20 it is ±1 to the last bit.
    private static double Tanh(double x) => 1 - 2 / (StrictMath.Exp(2 * Math.Clamp(x, -20, 20)) + 1);

    private static double Sigmoid(double x) => 1 / (1 + StrictMath.Exp(Math.Clamp(-x, -700, 700)));
}
