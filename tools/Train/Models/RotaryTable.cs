using GauRuntime.Encoder;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Models;

/// <summary>
/// RoPE: at position p the pair of features (2i, 2i + 1) turns by p · 10000^(−2i / s), a product of complex numbers.
/// </summary>
/// <remarks>Angles, sin and cos are computed in double precision, as the runtime does. Grows with the texts.</remarks>
/// <param name="s">Width of q and k of a head; even.</param>
/// <param name="type">Float32 or Float64.</param>
/// <param name="device">Where the table lies.</param>
internal sealed class RotaryTable(int s, ScalarType type, Device device) : IDisposable
{
    private const int LeastPositions = 512;

    private Tensor? turns;   // [positions, s / 2], complex

    /// <summary>Makes room for texts of some length.</summary>
    public void Cover(int length)
    {
        if (length <= (turns?.shape[0] ?? 0))
            return;
        int positions = Math.Max(LeastPositions, 2 * length), half = s / 2;
        double[] cos = new double[(long)positions * half], sin = new double[cos.LongLength];
        for (int i = 0; i < half; i++)
        {
            double theta = StrictMath.Exp(-2.0 * i / s * StrictMath.Log(10_000));
            for (int p = 0; p < positions; p++)
                (sin[p * (long)half + i], cos[p * (long)half + i]) = StrictMath.SinCos(p * theta);
        }
        using DisposeScope scope = NewDisposeScope();
        turns?.Dispose();
        turns = complex(tensor(cos).to(type), tensor(sin).to(type)).reshape(positions, half).to(device)
            .DetachFromDisposeScope();
    }

    /// <summary>Turns q or k of all heads: [B, n, s] or [B, n, H, s].</summary>
    public Tensor Turn(Tensor x)
    {
        long[] shape = x.shape;
        Tensor rows = turns!.narrow(0, 0, shape[1]);   // [n, s / 2]
        if (shape.Length == 4)
            rows = rows.unsqueeze(1);
        return (x.reshape([.. shape[..^1], s / 2, 2]).view_as_complex() * rows).view_as_real().reshape(shape);
    }

    /// <inheritdoc/>
    public void Dispose() => turns?.Dispose();
}
