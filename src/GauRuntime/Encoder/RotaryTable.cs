using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Encoder;

/// <summary>cos and sin of the RoPE angles p · 10000^(−2i / s), computed in double and rounded to float.</summary>
/// <remarks>Immutable, thread-safe. Pinned, so that kernels may hold its addresses while they hold it.</remarks>
internal sealed unsafe class RotaryTable
{
    private readonly float[] values;   // [positions, 2, half]: cos, sin

    public RotaryTable(int positions, int s)
    {
        Positions = positions;
        Half = AxisLayout.Pad(s / 2);
        values = GC.AllocateArray<float>(checked(positions * 2 * Half), pinned: true);
        for (int i = 0; i < s / 2; i++)
        {
            double theta = StrictMath.Exp(-2.0 * i / s * StrictMath.Log(10000));
            for (int p = 0; p < positions; p++)
            {
                (double sin, double cos) = StrictMath.SinCos(p * theta);
                values[(2 * p) * Half + i] = (float)cos;
                values[(2 * p + 1) * Half + i] = (float)sin;
            }
        }
    }

    /// <summary>Positions 0 … Positions − 1 are in the table.</summary>
    public int Positions { get; }

    /// <summary>s / 2 padded to a multiple of 16.</summary>
    public int Half { get; }

    /// <summary>[Half] cosines of a position.</summary>
    public float* Cos(int position) => Address() + (long)2 * position * Half;

    /// <summary>[Half] sines of a position.</summary>
    public float* Sin(int position) => Address() + (long)(2 * position + 1) * Half;

    private float* Address() =>
        (float*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(values, 0);
}
