using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GauRuntime.Kernels;

/// <summary>16 columns with vpmaddubsw; AVX-512 has no vpsignb, so (w ^ m) − m with m = −1 where a is negative.</summary>
internal readonly unsafe struct Avx512Dot : IDot<Vector512<int>, Vector512<sbyte>, Avx512Dot.Signed>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Magnitudes of the activations, and −1 where they are negative.</summary>
    internal readonly struct Signed(Vector512<sbyte> value)
    {
        public readonly Vector512<byte> Magnitude = Avx512BW.Abs(value);
        public readonly Vector512<sbyte> Negative = Vector512.LessThan(value, Vector512<sbyte>.Zero);
    }

    [MethodImpl(Inline)]
    public static Vector512<sbyte> Load(sbyte* source) => Vector512.Load(source);

    [MethodImpl(Inline)]
    public static Signed Activations(sbyte* source) => new(Vector512.Create(*(int*)source).AsSByte());

    [MethodImpl(Inline)]
    public static Vector512<int> Start(short* columnSums) => Vector512<int>.Zero;

    [MethodImpl(Inline)]
    public static Vector512<int> Step(Vector512<int> sum, Vector512<sbyte> weights, Signed activations)
    {
        Vector512<sbyte> signed = (weights ^ activations.Negative) - activations.Negative;
        Vector512<short> pairs = Avx512BW.MultiplyAddAdjacent(activations.Magnitude, signed);
        return sum + Avx512BW.MultiplyAddAdjacent(pairs, Vector512<short>.One);
    }
}
