using System.Runtime.Intrinsics;
using GauRuntime.Kernels;

namespace GauRuntime.Tests.Kernels;

/// <summary>
/// <see cref="AvxVnniDot"/> with its one AVX-VNNI instruction in scalar code, so that its shift by 128 and its use of
/// the column sums are tested on processors without AVX-VNNI too.
/// </summary>
internal readonly unsafe struct EmulatedVnniDot : IDot<Vector256<int>, Vector256<sbyte>, Vector256<byte>>
{
    public static Vector256<sbyte> Load(sbyte* source) => AvxVnniDot.Load(source);

    public static bool ShiftsActivations => true;

    public static Vector256<byte> Activations(byte* source) => AvxVnniDot.Activations(source);

    public static Vector256<int> Start(short* columnSums) => AvxVnniDot.Start(columnSums);

    public static Vector256<int> Step(Vector256<int> sum, Vector256<sbyte> weights, Vector256<byte> activations)
    {
        int* lanes = stackalloc int[8];
        for (int lane = 0; lane < 8; lane++)
        {
            lanes[lane] = sum[lane];
            for (int i = 0; i < 4; i++)
                lanes[lane] += activations[4 * lane + i] * weights[4 * lane + i];
        }
        return Vector256.Load(lanes);
    }
}
