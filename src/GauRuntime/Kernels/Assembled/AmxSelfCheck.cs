using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels.Assembled;

/// <summary>
/// Multiplies with every tile and shape of the AMX product, and compares with another product, bit by bit: before the
/// first text, what the processor or its emulator does is what it must do.
/// </summary>
internal static unsafe class AmxSelfCheck
{
    private const int Panels = 3, Blocks = 2, Columns = Panels * Tiling.Panel;

    /// <summary>Compares products whose activations are not shifted.</summary>
    /// <returns>null, or where they differ first.</returns>
    public static string? Fault(Int8Product found, Int8Product expected)
    {
        foreach (int rows in (ReadOnlySpan<int>)[.. Enumerable.Range(1, AmxTiles.Rows + 1), 2 * AmxTiles.Rows])
            foreach (int block in StorageScheme.Blocks)
                if (!IsMoreOfTheSame(rows, block)
                    && !Multiply(found, rows, block).SequenceEqual(Multiply(expected, rows, block)))
                    return $"its self-check failed: a product of {rows} rows in blocks of {block} has other bits";
        return null;
    }

    /// <summary>A larger block is more steps of one shape, which need not be tried with every number of rows.</summary>
    private static bool IsMoreOfTheSame(int rows, int block) => block > AmxTiles.RowBytes && rows <= AmxTiles.Rows;

    /// <summary>The bits of a product of random numbers, the same for the same sizes.</summary>
    internal static int[] Multiply(Int8Product product, int rows, int block)
    {
        int depth = Blocks * block;
        Random random = new(rows + block);
        byte[] a = Bytes(random, rows * depth), w = Bytes(random, depth * Columns);
        float[] scales = Scales(random, Blocks * rows), wScales = Scales(random, Blocks * Columns);
        int[] c = new int[rows * Columns];
        fixed (byte* pa = a, pw = w)
        fixed (float* ps = scales, pws = wScales)
        fixed (int* pc = c)
            product.Multiply(
                new Int8Rows(pa, depth, ps, rows), rows,
                new Int8Panels(
                    (sbyte*)pw, depth * Tiling.Panel, pws, Blocks * Tiling.Panel, null, 0, block, Blocks),
                Panels, (float*)pc, Columns, null, Activation.Identity);
        return c;
    }

    /// <summary>Signed bytes, −127 … 127.</summary>
    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        bytes.AsSpan().Replace(unchecked((byte)sbyte.MinValue), unchecked((byte)-127));
        return bytes;
    }

    private static float[] Scales(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
}
