using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GauRuntime.Kernels;

/// <summary>4 columns with 16-bit products, on any machine.</summary>
internal readonly unsafe struct PortableDot : IDot<Vector128<int>, Vector128<sbyte>, PortableDot.Widened>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>a₀ a₁ a₂ a₃ a₀ a₁ a₂ a₃ as 16-bit integers.</summary>
    internal readonly struct Widened(Vector128<short> value)
    {
        public readonly Vector128<short> Value = value;
    }

    [MethodImpl(Inline)]
    public static Vector128<sbyte> Load(sbyte* source) => Vector128.Load(source);

    [MethodImpl(Inline)]
    public static Widened Activations(sbyte* source) =>
        new(Vector128.WidenLower(Vector128.Create(*(int*)source).AsSByte()));

    [MethodImpl(Inline)]
    public static Vector128<int> Start(short* columnSums) => Vector128<int>.Zero;

    [MethodImpl(Inline)]
    public static Vector128<int> Step(Vector128<int> sum, Vector128<sbyte> weights, Widened activations)
    {
        // A product is at most 127², so it fits 16 bits; pairs are added as 32-bit integers.
        Vector128<int> low = AddPairs(Vector128.WidenLower(weights) * activations.Value);    // c0 c0 c1 c1
        Vector128<int> high = AddPairs(Vector128.WidenUpper(weights) * activations.Value);   // c2 c2 c3 c3
        Vector128<long> lowSums = low.AsInt64(), highSums = high.AsInt64();
        Vector128<int> even = Vector128.Narrow(lowSums, highSums);
        Vector128<int> odd = Vector128.Narrow(lowSums >> 32, highSums >> 32);
        return sum + even + odd;
    }

    [MethodImpl(Inline)]
    private static Vector128<int> AddPairs(Vector128<short> products)
    {
        Vector128<int> pairs = products.AsInt32();
        return ((pairs << 16) >> 16) + (pairs >> 16);
    }
}
