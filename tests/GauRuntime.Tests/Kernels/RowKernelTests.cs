using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Kernels;

/// <summary>
/// Softmax and quantization of every tier, bit by bit against scalar arithmetic written from their definition: every
/// tail, and values that are not usual, on buffers between guard pages.
/// </summary>
public sealed unsafe class RowKernelTests
{
    private static readonly float[] Unusual =
    [
        0, -0f, 1e-40f, -1e-40f, float.Epsilon, 3.7e-37f, float.MaxValue, float.NaN, float.PositiveInfinity,
        float.NegativeInfinity,
    ];

    public static TheoryData<string> Tiers() => [.. KernelTiers.Available];

    public static TheoryData<string, int> TiersAndBlocks()
    {
        TheoryData<string, int> data = [];
        foreach (string tier in KernelTiers.Available)
            foreach (int block in StorageScheme.Blocks)
                data.Add(tier, block);
        return data;
    }

    [Theory]
    [MemberData(nameof(TiersAndBlocks))]
    public void Quantize_EveryWidth_IsThatOfEachBlock(string tier, int block)
    {
        foreach (int rows in (ReadOnlySpan<int>)[1, 2, 5, 17])
            for (int width = 16; width <= 2 * block + 16; width += 16)
                foreach (bool low in (ReadOnlySpan<bool>)[false, true])
                    CheckRows(KernelTiers.Get(tier), rows, width, block, low, shift: width / 16 % 2 * 128);
    }

    private static void CheckRows(KernelSet kernels, int rows, int width, int block, bool low, int shift)
    {
        int blocks = (width + block - 1) / block, stride = blocks * block, ldx = width + 16;
        using GuardedBuffer<float> x = Values(rows, ldx, (rows - 1) * ldx + width, low),
            scales = new(new float[rows * blocks], low);
        using GuardedBuffer<byte> q = new([.. Enumerable.Repeat((byte)99, rows * stride)], low);
        kernels.Quantize(
            x.Address, ldx, width, rows, block, new Int8Rows(q.Address, stride, scales.Address, rows), shift);
        for (int row = 0; row < rows; row++)
            for (int n = 0; n < blocks; n++)
            {
                float[] values = [.. Enumerable.Range(n * block, block)
                    .Select(column => column < width ? x.Address[row * ldx + column] : 0)];
                Check(
                    values, scales.Address[n * rows + row], i => q.Address[row * stride + n * block + i], shift,
                    $"row {row}, block {n} of {rows} x {width}");
            }
    }

    [Theory]
    [MemberData(nameof(TiersAndBlocks))]
    public void QuantizeColumns_EveryNumberOfRows_IsThatOfEachBlock(string tier, int block)
    {
        foreach (int panels in (ReadOnlySpan<int>)[1, 3])
            for (int rows = 1; rows <= 2 * block + 5; rows++)
                CheckColumns(KernelTiers.Get(tier), rows, panels, block, low: rows % 2 == 0);
    }

    private static void CheckColumns(KernelSet kernels, int rows, int panels, int block, bool low)
    {
        int blocks = (rows + block - 1) / block, columns = 16 * panels, ldx = columns + 16, depth = blocks * block;
        using GuardedBuffer<float> x = Values(rows, ldx, (rows - 1) * ldx + columns, low),
            scales = new(new float[columns * blocks], low);
        using GuardedBuffer<sbyte> q = new([.. Enumerable.Repeat((sbyte)99, columns * depth)], low);
        kernels.QuantizeColumns(
            x.Address, ldx, rows, panels,
            new Int8Panels(q.Address, depth * 16, scales.Address, blocks * 16, null, 0, block, blocks));
        for (int column = 0; column < columns; column++)
            for (int n = 0; n < blocks; n++)
            {
                int panel = column / 16, lane = column % 16;
                float[] values = [.. Enumerable.Range(n * block, block)
                    .Select(row => row < rows ? x.Address[row * ldx + column] : 0)];
                byte Quantized(int i) => (byte)q.Address[
                    panel * depth * 16 + (n * block + i) / 4 * 64 + 4 * lane + i % 4];
                Check(
                    values, scales.Address[(panel * blocks + n) * 16 + lane], Quantized, 0,
                    $"column {column}, block {n} of {rows} rows");
            }
    }

    /// <summary>What a block of values gives; the values themselves are free where the scale is NaN.</summary>
    private static void Check(float[] values, float scale, Func<int, byte> quantized, int shift, string where)
    {
        bool finite = values.All(float.IsFinite);
        float max = finite ? values.Max(MathF.Abs) : float.NaN, inverse = 127 / max;
        bool zero = !float.IsFinite(inverse);
        float expected = finite && zero ? 0 : max / 127;
        if (finite || !float.IsNaN(scale))
            Same(scale, expected, $"the scale of {where}");
        for (int i = 0; i < values.Length && finite; i++)
        {
            byte value = (byte)(shift + (zero ? 0 : (int)MathF.Round(values[i] * inverse, MidpointRounding.ToEven)));
            if (quantized(i) != value)
                Assert.Fail($"value {i} of {where}, {values[i]:R}, is {quantized(i)}, not {value}");
        }
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void SoftmaxTile_EveryNumberOfKeys_HasTheBitsOfItsDefinition(string tier)
    {
        foreach (int n in (int[])[.. Enumerable.Range(1, 130), 511, 512, 515])
            foreach (float factor in (ReadOnlySpan<float>)[0, 0.1f, 1, 60])
                foreach (bool first in (ReadOnlySpan<bool>)[true, false])
                    CheckSoftmax(KernelTiers.Get(tier), n, factor, first);
    }

    private static void CheckSoftmax(KernelSet kernels, int n, float factor, bool first)
    {
        Random random = new(n);
        int padded = AxisLayout.Pad(n);
        float[] scores = [.. Enumerable.Range(0, n).Select(_ => (float)(random.NextDouble() * 4 - 2))];
        if (n % 5 == 0)
            scores[n / 2] = -0f;
        if (n % 7 == 0)
            scores[n / 3] = 1e-40f;
        if (n % 11 == 0)
            scores[^1] = -float.MaxValue;
        float before = first ? float.NegativeInfinity : 0.75f, max = before, sumBefore = first ? 0 : 3.5f;
        float sum = sumBefore;
        using GuardedBuffer<float> row = new(
            [.. scores, .. Enumerable.Repeat(float.NaN, padded - n)], low: n % 2 == 0);
        kernels.SoftmaxTile(row.Address, n, factor, ref max, ref sum);

        float scale = factor == 0 ? 1e-30f : factor, largest = Math.Max(before, scores.Max() * scale);
        float[] weights = Exp([.. scores.Select(x => MathF.FusedMultiplyAdd(x, scale, -largest))]);
        float[] lanes = new float[16];
        for (int i = 0; i < n; i++)
            lanes[i % 16] += weights[i];
        float tile;
        fixed (float* p = lanes)
            tile = Reduction.Sum(p);
        float expected = first ? tile : MathF.FusedMultiplyAdd(sumBefore, Exp([before - largest])[0], tile);
        max.Should().Be(largest);
        Same(sum, expected, $"the sum of {n} keys");
        for (int i = 0; i < padded; i++)
            Same(row.Address[i], i < n ? weights[i] : 0, $"weight {i} of {n}");
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void SoftmaxTile_AnyScoreNotFinite_MakesTheSumNaN(string tier)
    {
        float[] faults = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue];
        foreach (int n in (ReadOnlySpan<int>)[1, 16, 33, 64, 80, 100])
            for (int at = 0; at < n; at++)
                foreach (float fault in faults)
                {
                    float[] row = new float[AxisLayout.Pad(n)];
                    row[at] = fault;
                    float max = float.NegativeInfinity, sum = 0;
                    fixed (float* p = row)
                        KernelTiers.Get(tier).SoftmaxTile(p, n, 2, ref max, ref sum);
                    sum.Should().Be(float.NaN, "twice {0} at {1} of {2} is not finite", fault, at, n);
                    row.AsSpan().Clear();
                    fixed (float* p = row)
                        KernelTiers.Get(tier).SoftmaxTile(p, n, 2, ref max, ref sum);
                    sum.Should().Be(float.NaN, "it stays that");
                }
    }

    /// <summary>
    /// The max is rounded, and the score less it is not: from 2³¹ on the difference can be above 88, where exp has no
    /// float.
    /// </summary>
    [Theory]
    [MemberData(nameof(Tiers))]
    public void SoftmaxTile_ScoresTooCoarseForTheirDifferences_MakeTheSumNaN(string tier)
    {
        float factor = (float)(1 / Math.Sqrt(128));
        foreach (int n in (ReadOnlySpan<int>)[3, 16, 70])
            foreach (float score in (ReadOnlySpan<float>)[30866587648f, -30866587648f, 1e25f])
            {
                float[] row = new float[AxisLayout.Pad(n)];
                row.AsSpan(0, n).Fill(-Math.Abs(score));
                row[0] = score;
                float max = float.NegativeInfinity, sum = 0;
                fixed (float* p = row)
                    KernelTiers.Get(tier).SoftmaxTile(p, n, factor, ref max, ref sum);
                sum.Should().Be(float.NaN, "{0} of {1} keys", score, n);
            }
    }

    /// <summary>exp of each by the portable tier, whose values KernelTests check.</summary>
    private static float[] Exp(float[] x)
    {
        float[] padded = [.. x, .. new float[AxisLayout.Pad(x.Length) - x.Length]];
        fixed (float* p = padded)
            KernelTiers.Get("portable").Exp(p, padded.Length);
        return padded[..x.Length];
    }

    private static void Same(float found, float expected, string what)
    {
        if (BitConverter.SingleToInt32Bits(found) != BitConverter.SingleToInt32Bits(expected))
            Assert.Fail($"{what} is {found:R}, not {expected:R}");
    }

    /// <summary>Random values, halves, and here and there a row or a value that is not usual.</summary>
    private static GuardedBuffer<float> Values(int rows, int ldx, int count, bool low)
    {
        Random random = new(rows + ldx);
        float[] values = [.. Enumerable.Range(0, count).Select(i => i / ldx % 3 == 1
            ? random.Next(-127, 128) + 0.5f
            : (float)(random.NextDouble() * 4 - 2))];
        for (int i = 0; i < count / 200 + 1; i++)
            values[random.Next(count)] = Unusual[random.Next(Unusual.Length)];
        if (rows % 2 == 0)
            values.AsSpan(0, Math.Min(ldx, count)).Clear();
        return new GuardedBuffer<float>(values, low);
    }
}
