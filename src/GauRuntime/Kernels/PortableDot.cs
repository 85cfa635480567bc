using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace GauRuntime.Kernels;

/// <summary>4 columns on any machine: sdot where ARM has it, else 16-bit products added in pairs.</summary>
internal readonly unsafe struct PortableDot : IDot<Vector128<int>, Vector128<sbyte>, PortableDot.Repeated>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>a₀ a₁ a₂ a₃ in every lane, and twice as 16-bit integers.</summary>
    internal readonly struct Repeated(Vector128<sbyte> bytes)
    {
        public readonly Vector128<sbyte> Bytes = bytes;
        public readonly Vector128<short> Shorts = Vector128.WidenLower(bytes);
    }

    public static bool ShiftsActivations => false;

    [MethodImpl(Inline)]
    public static Vector128<sbyte> Load(sbyte* source) => Vector128.Load(source);

    [MethodImpl(Inline)]
    public static Repeated Activations(byte* source) => new(Vector128.Create(*(int*)source).AsSByte());

    [MethodImpl(Inline)]
    public static Vector128<int> Start(short* columnSums) => Vector128<int>.Zero;

    [MethodImpl(Inline)]
    public static Vector128<int> Step(Vector128<int> sum, Vector128<sbyte> weights, Repeated activations)
    {
        if (Dp.IsSupported)
            return Dp.DotProduct(sum, weights, activations.Bytes);
        // c0 c0 c1 c1 and c2 c2 c3 c3: each lane the sum of two products.
        Vector128<int> low = PairSums(Vector128.WidenLower(weights), activations.Shorts);
        Vector128<int> high = PairSums(Vector128.WidenUpper(weights), activations.Shorts);
        if (Ssse3.IsSupported)
            return sum + Ssse3.HorizontalAdd(low, high);
        Vector128<long> lows = low.AsInt64(), highs = high.AsInt64();
        return sum + Vector128.Narrow(lows, highs) + Vector128.Narrow(lows >> 32, highs >> 32);
    }

    /// <summary>a₀ b₀ + a₁ b₁, a₂ b₂ + a₃ b₃ and so on, of factors within ±127.</summary>
    [MethodImpl(Inline)]
    internal static Vector128<int> PairSums(Vector128<short> a, Vector128<short> b)
    {
        if (Sse2.IsSupported)
            return Sse2.MultiplyAddAdjacent(a, b);
        Vector128<int> products = (a * b).AsInt32();   // each at most 127², so 16 bits hold it
        return ((products << 16) >> 16) + (products >> 16);
    }
}
