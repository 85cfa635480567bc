using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Optimizers;

/// <summary>Lengths of tensors, summed in double whatever their type.</summary>
internal static class Norms
{
    private const long Part = 1 << 20;   // numbers that are doubles at a time

    /// <summary>‖x‖, over all elements.</summary>
    public static double Euclidean(Tensor x) => Math.Sqrt(SquareSum(x));

    /// <summary>The root of the mean square of all elements.</summary>
    public static double RootMeanSquare(Tensor x) => Math.Sqrt(SquareSum(x) / x.numel());

    /// <summary>Σ x².</summary>
    /// <param name="x">Contiguous, of any type and shape.</param>
    public static double SquareSum(Tensor x)
    {
        using IDisposable off = no_grad();
        double sum = 0;
        long count = x.numel();
        using DisposeScope outer = NewDisposeScope();
        Tensor flat = x.reshape(-1);
        for (long start = 0; start < count; start += Part)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor part = flat.narrow(0, start, Math.Min(Part, count - start)).to(ScalarType.Float64);
            sum += part.dot(part).ToDouble();
        }
        return sum;
    }
}
