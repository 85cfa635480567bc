using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GauRuntime.Kernels;

/// <summary>8 columns with vpdpbusd: (a + 128) · w, less 128 · Σ w, which the block's sum starts from.</summary>
internal readonly unsafe struct AvxVnniDot : IDot<Vector256<int>, Vector256<sbyte>, Vector256<byte>>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static bool ShiftsActivations => true;

    [MethodImpl(Inline)]
    public static Vector256<sbyte> Load(sbyte* source) => Vector256.Load(source);

    [MethodImpl(Inline)]
    public static Vector256<byte> Activations(byte* source) =>
        Vector256.Create(*(int*)source).AsByte();

    [MethodImpl(Inline)]
    public static Vector256<int> Start(short* columnSums) =>
        Vector256<int>.Zero - (Avx2.ConvertToVector256Int32(Vector128.Load(columnSums)) << 7);

    [MethodImpl(Inline)]
    public static Vector256<int> Step(Vector256<int> sum, Vector256<sbyte> weights, Vector256<byte> activations) =>
        AvxVnni.MultiplyWideningAndAdd(sum, activations, weights);
}
