using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GauRuntime.Kernels;

/// <summary>8 columns with vpmaddubsw: |a| · (w with the sign of a), pair sums at most 2 · 127² &lt; 2¹⁵.</summary>
internal readonly unsafe struct Avx2Dot : IDot<Vector256<int>, Vector256<sbyte>, Avx2Dot.Signed>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Activations and their magnitudes.</summary>
    internal readonly struct Signed(Vector256<sbyte> value)
    {
        public readonly Vector256<sbyte> Value = value;
        public readonly Vector256<byte> Magnitude = Avx2.Abs(value);
    }

    public static bool ShiftsActivations => false;

    [MethodImpl(Inline)]
    public static Vector256<sbyte> Load(sbyte* source) => Vector256.Load(source);

    [MethodImpl(Inline)]
    public static Signed Activations(byte* source) => new(Vector256.Create(*(int*)source).AsSByte());

    [MethodImpl(Inline)]
    public static Vector256<int> Start(short* columnSums) => Vector256<int>.Zero;

    [MethodImpl(Inline)]
    public static Vector256<int> Step(Vector256<int> sum, Vector256<sbyte> weights, Signed activations)
    {
        Vector256<short> pairs = Avx2.MultiplyAddAdjacent(activations.Magnitude, Avx2.Sign(weights, activations.Value));
        return sum + Avx2.MultiplyAddAdjacent(pairs, Vector256<short>.One);
    }
}
