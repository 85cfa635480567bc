using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GauRuntime.Weights.ModelFile;

/// <summary>
/// The check that the stored sums are those of the bytes. Only some instructions use them: with other sums a file would
/// mean one model on one machine and another on the next.
/// </summary>
internal static class ColumnSums
{
    private const int Unit = AxisLayout.Unit;

    /// <summary>null, or the first sum that is wrong.</summary>
    /// <param name="weights">Packed bytes [panels, depth / 4, 16, 4].</param>
    /// <param name="sums">16-bit integers [panels, blocks rounded up to even, 16].</param>
    /// <param name="panels">Panels of 16 outputs.</param>
    /// <param name="block">Inputs per block, at most 256.</param>
    public static string? Fault(ReadOnlySpan<byte> weights, ReadOnlySpan<byte> sums, int panels, int block)
    {
        ReadOnlySpan<short> stored = MemoryMarshal.Cast<byte, short>(sums);
        int panelBytes = weights.Length / panels, panelSums = stored.Length / panels, blockBytes = block * Unit;
        Span<short> found = stackalloc short[Unit];
        for (int panel = 0; panel < panels; panel++)
            for (int n = 0; n < panelBytes / blockBytes; n++)
            {
                Sum(weights.Slice(panel * panelBytes + n * blockBytes, blockBytes), found);
                int at = panel * panelSums + n * Unit, wrong = found.CommonPrefixLength(stored.Slice(at, Unit));
                if (wrong < Unit)
                    return $"sum {stored[at + wrong]} at index {at + wrong} is not that of the bytes, {found[wrong]}";
            }
        return null;
    }

    /// <summary>Sums of the 16 columns of a block [block / 4, 16, 4], in four vectors of 4 columns.</summary>
    // the JIT's slow first version would run to the end of most files
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(ReadOnlySpan<byte> block, Span<short> sums)
    {
        ReadOnlySpan<Vector128<short>> bytes = MemoryMarshal.Cast<byte, Vector128<short>>(block);
        Vector128<short> a = Vector128<short>.Zero, b = a, c = a, d = a;   // at most 64 · 2 · 128, so 16 bits hold it
        for (int i = 0; i <= bytes.Length - 4; i += 4)
        {
            a += Pairs(bytes[i]);
            b += Pairs(bytes[i + 1]);
            c += Pairs(bytes[i + 2]);
            d += Pairs(bytes[i + 3]);
        }
        Vector128.Narrow(Totals(a), Totals(b)).CopyTo(sums);
        Vector128.Narrow(Totals(c), Totals(d)).CopyTo(sums[8..]);
    }

    /// <summary>The sums of the lower and the upper bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Pairs(Vector128<short> bytes) => ((bytes << 8) >> 8) + (bytes >> 8);

    /// <summary>The sums of neighbours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Totals(Vector128<short> pairs) =>
        ((pairs.AsInt32() << 16) >> 16) + (pairs.AsInt32() >> 16);
}
