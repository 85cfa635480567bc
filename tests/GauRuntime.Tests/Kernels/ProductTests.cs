using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Kernels;

/// <summary>
/// The products of every tier against scalar arithmetic written from their definition: every tile, tail and block,
/// on buffers between guard pages.
/// </summary>
public sealed unsafe class ProductTests
{
    private const string EmulatedVnni = "avxvnni with vpdpbusd emulated";

    /// <summary>The tiers of this machine, and the logic of avxvnni wherever AVX2 is.</summary>
    public static TheoryData<string> Tiers() =>
        Avx2.IsSupported ? [.. KernelTiers.Available, EmulatedVnni] : [.. KernelTiers.Available];

    private static KernelSet Get(string tier) => tier == EmulatedVnni
        ? new VectorKernels<Lanes256, Vector256<float>, Vector256<int>>(
            new VectorFloatProduct<Lanes256, Vector256<float>, Vector256<int>>(),
            new VectorInt8Product<
                Lanes256, Vector256<float>, Vector256<int>, EmulatedVnniDot, Vector256<sbyte>, Vector256<byte>>())
        : KernelTiers.Get(tier);

    // Every number of rows up to two tiles of the largest kind, so every tile and every tail; and some more.
    private static IEnumerable<int> RowCounts => [.. Enumerable.Range(1, 28), 127, 128];

    [Theory]
    [MemberData(nameof(Tiers))]
    public void Multiply_EveryTileAndTail_IsOneChainOfFusedMultiplyAdds(string tier)
    {
        foreach (int rows in RowCounts)
            foreach (int panels in (ReadOnlySpan<int>)[1, 2, 3])
                foreach (int depth in (ReadOnlySpan<int>)[1, 2, 3, 4, 16, 37])
                    foreach (bool biased in (ReadOnlySpan<bool>)[false, true])
                        CheckFloat(Get(tier), rows, panels, depth, biased, (Activation)(rows % 3));
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void Multiply_DepthOfSeveralPasses_IsOneChainOfFusedMultiplyAdds(string tier)
    {
        foreach (int depth in (ReadOnlySpan<int>)[768, 1536, 2051])
            foreach (bool biased in (ReadOnlySpan<bool>)[false, true])
                CheckFloat(Get(tier), 15, 2, depth, biased, Activation.Swish);
    }

    private static void CheckFloat(
        KernelSet kernels, int rows, int panels, int depth, bool biased, Activation activation)
    {
        int columns = panels * 16, lda = depth + 3, ldc = columns + 16;
        Random random = new(rows + panels + depth);
        using GuardedBuffer<float> a = Floats(random, (rows - 1) * lda + depth), b = Floats(random, columns * depth),
            c = Floats(random, (rows - 1) * ldc + columns, low: true), bias = Floats(random, columns);
        float[] before = c.Span.ToArray();
        kernels.Multiply(
            a.Address, lda, rows, new FloatPanels(b.Address, depth * 16, depth), panels, c.Address, ldc,
            biased ? bias.Address : null, activation);
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < ldc && row * ldc + column < c.Length; column++)
            {
                float expected = before[row * ldc + column];
                if (column < columns)
                {
                    float sum = 0;
                    for (int k = 0; k < depth; k++)
                        sum = MathF.FusedMultiplyAdd(
                            a.Address[row * lda + k], b.Address[column / 16 * depth * 16 + k * 16 + column % 16], sum);
                    expected = Activate(activation, biased ? sum + bias.Address[column] : sum);
                }
                Check(c.Address[row * ldc + column], expected, row, column, $"{rows} x {columns} x {depth}");
            }
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void MultiplyInt8_EveryTileTailAndBlock_IsExactPerBlock(string tier)
    {
        foreach (int rows in RowCounts)
            foreach (int panels in (ReadOnlySpan<int>)[1, 2, 3])
                foreach ((int block, int blocks) in
                    (ReadOnlySpan<(int, int)>)[(32, 1), (32, 3), (64, 2), (128, 1), (256, 1)])
                    CheckInt8(
                        Get(tier), rows, panels, block, blocks, extreme: false, biased: rows % 2 == 0,
                        unsigned: rows % 4 / 2 == 0, (Activation)(rows % 3));
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void MultiplyInt8_ExtremeValues_SaturateNowhere(string tier)
    {
        foreach (int block in StorageScheme.Blocks)
            foreach (bool unsigned in (ReadOnlySpan<bool>)[false, true])
                foreach (bool biased in (ReadOnlySpan<bool>)[false, true])
                    CheckInt8(Get(tier), 13, 3, block, 3, extreme: true, biased, unsigned, Activation.Identity);
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void MultiplyInt8_DepthOfSeveralPasses_IsExactPerBlock(string tier)
    {
        foreach ((int block, int blocks) in (ReadOnlySpan<(int, int)>)[(32, 50), (64, 24), (128, 13), (256, 7)])
            foreach (bool biased in (ReadOnlySpan<bool>)[false, true])
                CheckInt8(
                    Get(tier), 14, 2, block, blocks, extreme: false, biased, unsigned: false, Activation.Swish);
    }

    private static void CheckInt8(
        KernelSet kernels, int rows, int panels, int block, int blocks, bool extreme, bool biased, bool unsigned,
        Activation activation)
    {
        int depth = block * blocks, columns = panels * 16, sumBlocks = (blocks + 1) / 2 * 2, lda = depth + 32;
        Random random = new(rows + panels + block);
        int Value() => extreme ? random.Next(2) * 254 - 127 : random.Next(-127, 128);
        int shift = unsigned ? 0 : kernels.Shift;
        using GuardedBuffer<byte> a = new(
            [.. Enumerable.Range(0, (rows - 1) * lda + depth).Select(_ => (byte)(unsigned ? Math.Abs(Value()) : Value() + shift))]);
        using GuardedBuffer<sbyte> w = new([.. Enumerable.Range(0, columns * depth).Select(_ => (sbyte)Value())]);
        using GuardedBuffer<float> scalesA = Floats(random, rows * blocks), scalesW = Floats(random, columns * blocks),
            c = Floats(random, rows * columns, low: true), bias = Floats(random, columns);
        sbyte Weight(int column, int k) =>
            w.Address[(column / 16 * depth + k / 4 * 4) * 16 + column % 16 * 4 + k % 4];
        short[] sumValues = new short[columns * sumBlocks];
        for (int column = 0; column < columns; column++)
            for (int k = 0; k < depth; k++)
                sumValues[(column / 16 * sumBlocks + k / block) * 16 + column % 16] += Weight(column, k);
        using GuardedBuffer<short> sums = new(sumValues);

        kernels.MultiplyInt8(
            new Int8Rows(a.Address, lda, scalesA.Address, rows), rows,
            new Int8Panels(
                w.Address, depth * 16, scalesW.Address, blocks * 16, unsigned ? null : sums.Address, sumBlocks * 16,
                block, blocks),
            panels, c.Address, columns, biased ? bias.Address : null, activation);

        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
            {
                float expected = 0;
                for (int n = 0; n < blocks; n++)
                {
                    int sum = 0;
                    for (int k = n * block; k < (n + 1) * block; k++)
                    {
                        byte value = a.Address[row * lda + k];
                        sum += (shift == 128 ? value - 128 : (sbyte)value) * Weight(column, k);
                    }
                    float scale = scalesA.Address[n * rows + row]
                        * scalesW.Address[(column / 16 * blocks + n) * 16 + column % 16];
                    expected = MathF.FusedMultiplyAdd(sum, scale, expected);
                }
                if (biased)
                    expected += bias.Address[column];
                Check(
                    c.Address[row * columns + column], Activate(activation, expected), row, column,
                    $"{rows} x {columns}, {blocks} blocks of {block}, unsigned {unsigned}");
            }
    }

    // What an activation makes of a float is tested in KernelTests; here it is whether it comes, and that its bits are
    // the same as everywhere.
    private static float Activate(Activation activation, float x)
    {
        float* lanes = stackalloc float[16];
        new Span<float>(lanes, 16).Fill(x);
        KernelTiers.Get("portable").Activate(activation, lanes, 16);
        return lanes[0];
    }

    private static void Check(float found, float expected, int row, int column, string where)
    {
        if (BitConverter.SingleToInt32Bits(found) != BitConverter.SingleToInt32Bits(expected))
            Assert.Fail($"row {row}, column {column} of {where} is {found:R}, not {expected:R}");
    }

    private static GuardedBuffer<float> Floats(Random random, int count, bool low = false) =>
        new([.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 4 - 2))], low);
}
