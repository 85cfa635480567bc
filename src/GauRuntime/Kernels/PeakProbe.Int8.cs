using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace GauRuntime.Kernels;

/// <content>The loops of int8 dot products.</content>
internal static partial class PeakProbe
{
    /// <summary>vpdpbusd: 8 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Vnni256(int steps)
    {
        Vector256<byte> a = Vector256.Create((byte)3);
        Vector256<sbyte> w = Vector256.Create((sbyte)-5);
        Vector256<int> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        Vector256<int> s6 = default, s7 = default, s8 = default, s9 = default, s10 = default, s11 = default;
        for (int i = 0; i < steps; i++)
        {
            s0 = AvxVnni.MultiplyWideningAndAdd(s0, a, w);
            s1 = AvxVnni.MultiplyWideningAndAdd(s1, a, w);
            s2 = AvxVnni.MultiplyWideningAndAdd(s2, a, w);
            s3 = AvxVnni.MultiplyWideningAndAdd(s3, a, w);
            s4 = AvxVnni.MultiplyWideningAndAdd(s4, a, w);
            s5 = AvxVnni.MultiplyWideningAndAdd(s5, a, w);
            s6 = AvxVnni.MultiplyWideningAndAdd(s6, a, w);
            s7 = AvxVnni.MultiplyWideningAndAdd(s7, a, w);
            s8 = AvxVnni.MultiplyWideningAndAdd(s8, a, w);
            s9 = AvxVnni.MultiplyWideningAndAdd(s9, a, w);
            s10 = AvxVnni.MultiplyWideningAndAdd(s10, a, w);
            s11 = AvxVnni.MultiplyWideningAndAdd(s11, a, w);
        }
        return Vector256.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
    }

    /// <summary>vpmaddubsw, vpmaddwd, vpaddd: 8 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float MultiplyAdd256(int steps)
    {
        Vector256<byte> a = Vector256.Create((byte)3);
        Vector256<int> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        Vector256<int> s6 = default, s7 = default, s8 = default, s9 = default, s10 = default, s11 = default;
        for (int i = 0; i < steps; i++)
        {
            s0 = Step(s0, a);
            s1 = Step(s1, a);
            s2 = Step(s2, a);
            s3 = Step(s3, a);
            s4 = Step(s4, a);
            s5 = Step(s5, a);
            s6 = Step(s6, a);
            s7 = Step(s7, a);
            s8 = Step(s8, a);
            s9 = Step(s9, a);
            s10 = Step(s10, a);
            s11 = Step(s11, a);
        }
        return Vector256.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
    }

    /// <summary>sdot, 4 columns; else 16-bit products added in pairs, half a step of 4 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Portable(int steps)
    {
        PortableDot.Repeated a;
        unsafe
        {
            int bytes = 0x01020304;
            a = PortableDot.Activations((byte*)&bytes);
        }
        Vector128<int> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        Vector128<int> s6 = default, s7 = default, s8 = default, s9 = default, s10 = default, s11 = default;
        for (int i = 0; i < steps; i++)
        {
            s0 = Step(s0, a);
            s1 = Step(s1, a);
            s2 = Step(s2, a);
            s3 = Step(s3, a);
            s4 = Step(s4, a);
            s5 = Step(s5, a);
            s6 = Step(s6, a);
            s7 = Step(s7, a);
            s8 = Step(s8, a);
            s9 = Step(s9, a);
            s10 = Step(s10, a);
            s11 = Step(s11, a);
        }
        return Vector128.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
    }

    // The sum is its own factor: of factors that stay the same, the compiler would multiply once and for all.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Step(Vector256<int> sum, Vector256<byte> a) => sum + Avx2.MultiplyAddAdjacent(
        Avx2.MultiplyAddAdjacent(a, sum.AsSByte()), Vector256<short>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Step(Vector128<int> sum, PortableDot.Repeated a) => Dp.IsSupported
        ? Dp.DotProduct(sum, a.Bytes, sum.AsSByte())
        : sum + PortableDot.PairSums(sum.AsInt16(), a.Shorts);
}
