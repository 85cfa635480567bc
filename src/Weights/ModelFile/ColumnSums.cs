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
    /// <param name="block">Inputs per block, at most 128.</param>
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

    /// <summary>Sums of the 16 columns of a block [block / 4, 16, 4], a vector of 4 columns at a time.</summary>
    private static void Sum(ReadOnlySpan<byte> block, Span<short> sums)
    {
        int width = Vector128<byte>.Count;
        for (int column = 0; column < Unit; column += width / 4)
        {
            Vector128<short> pairs = Vector128<short>.Zero;   // at most 32 · 2 · 127, so 16 bits hold it
            for (int i = 4 * column; i < block.Length; i += 4 * Unit)
            {
                Vector128<short> bytes = Vector128.Create(block.Slice(i, width)).AsInt16();
                pairs += ((bytes << 8) >> 8) + (bytes >> 8);
            }
            Vector128<int> totals = ((pairs.AsInt32() << 16) >> 16) + (pairs.AsInt32() >> 16);
            Vector128.Narrow(totals, totals).GetLower().CopyTo(sums[column..]);
        }
    }
}
