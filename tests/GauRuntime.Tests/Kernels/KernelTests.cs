using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FluentAssertions;
using GauRuntime.Encoder;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Kernels;

/// <summary>Every kernel of every tier against scalar arithmetic written from its definition.</summary>
public sealed unsafe class KernelTests
{
    public static TheoryData<string> Tiers() => [.. KernelTiers.Available];

    private static KernelSet Get(string tier) => KernelTiers.Get(tier);

    [Fact]
    public void Tiers_OfThisMachine_AreAllTested()
    {
        string[] missing = [.. KernelTiers.Known.Except(KernelTiers.Available)];
        Assert.SkipUnless(missing.Length == 0, $"this machine's processor cannot run {string.Join(", ", missing)}");
        KernelTiers.Available.Should().Equal(KernelTiers.Known);
    }

    public static TheoryData<string, int> TiersAndShifts()
    {
        TheoryData<string, int> data = [];
        foreach (string tier in KernelTiers.Available)
            foreach (int shift in (ReadOnlySpan<int>)[0, 128])
                data.Add(tier, shift);
        return data;
    }

    [Theory]
    [MemberData(nameof(TiersAndShifts))]
    public void Quantize_AnyBlock_RoundsHalfToEvenWithinTheBlock(string tier, int shift)
    {
        const int Rows = 3, Columns = 80, Block = 64, Blocks = 2;
        float[] x = Values(Rows * Columns, 5);
        // Row 0: halves at scale 1. Row 1: first block too small to invert. Row 2: random.
        for (int i = 0; i < Columns; i++)
            x[i] = i == 0 || i == 64 ? 127 : i % 20 - 9.5f;
        for (int i = 0; i < 64; i++)
            x[Columns + i] = i == 3 ? 1e-40f : 0;
        byte[] q = new byte[Rows * Block * Blocks];
        float[] scales = new float[Rows * Blocks];
        fixed (float* px = x, ps = scales)
        fixed (byte* pq = q)
            Get(tier).Quantize(
                px, Columns, Columns, Rows, Block, new Int8Rows(pq, Block * Blocks, ps, Rows), shift);
        for (int row = 0; row < Rows; row++)
            for (int n = 0; n < Blocks; n++)
            {
                ReadOnlySpan<float> part = x.AsSpan(row * Columns + n * Block, Math.Min(Block, Columns - n * Block));
                float max = part.ToArray().Max(Math.Abs), inverse = 127f / max;
                bool zero = !float.IsFinite(inverse);
                scales[n * Rows + row].Should().Be(zero ? 0 : max / 127);
                for (int i = 0; i < Block; i++)
                    q[(row * Blocks + n) * Block + i].Should().Be((byte)(shift +
                        (zero || i >= part.Length
                            ? 0
                            : (int)MathF.Round(part[i] * inverse, MidpointRounding.ToEven))));
            }
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void QuantizeColumns_AnyRows_IsQuantizePerColumnAndBlock(string tier)
    {
        foreach (int rows in (ReadOnlySpan<int>)[1, 3, 4, 63, 64, 65, 130])
        {
            const int Columns = 32, Block = 64;
            int blocks = (rows + Block - 1) / Block, depth = blocks * Block;
            float[] x = Values(rows * Columns, rows), transposed = new float[Columns * depth];
            x[0] = 1e-40f;   // alone in its column and block where there is one row: too small to invert
            if (rows == 65)
                x[64 * Columns + 5] = float.PositiveInfinity;
            for (int row = 0; row < rows; row++)
                for (int column = 0; column < Columns; column++)
                    transposed[column * depth + row] = x[row * Columns + column];
            sbyte[] q = [.. Enumerable.Repeat((sbyte)99, Columns * depth)];
            byte[] expected = new byte[Columns * depth];
            float[] scales = new float[Columns * blocks], expectedScales = new float[Columns * blocks];
            fixed (float* px = x, pt = transposed, ps = scales, pe = expectedScales)
            fixed (sbyte* pq = q)
            fixed (byte* pb = expected)
            {
                Get(tier).QuantizeColumns(
                    px, Columns, rows, 2, new Int8Panels(pq, depth * 16, ps, blocks * 16, null, 0, Block, blocks));
                Get(tier).Quantize(pt, depth, depth, Columns, Block, new Int8Rows(pb, depth, pe, Columns), 0);
            }
            for (int column = 0; column < Columns; column++)
                for (int row = 0; row < depth; row++)
                {
                    int panel = column / 16, n = row / Block;
                    float scale = scales[(panel * blocks + n) * 16 + column % 16];
                    scale.Should().Be(expectedScales[n * Columns + column], "column {0} of {1} rows", column, rows);
                    if (float.IsNaN(scale))
                        continue;
                    q[(panel * depth + row / 4 * 4) * 16 + column % 16 * 4 + row % 4].Should().Be(
                        (sbyte)expected[column * depth + row], "column {0}, row {1} of {2}", column, row, rows);
                }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void SoftmaxTile_AnyTiles_MatchDoubleAndClearThePadding(string tier)
    {
        foreach (int n in (ReadOnlySpan<int>)[1, 2, 15, 16, 17, 64, 100])
            foreach (float factor in (ReadOnlySpan<float>)[0f, 0.1f, 30f])
                foreach (int split in (ReadOnlySpan<int>)[n, Math.Min(n, 16)])
                {
                    float[] scores = Values(n, n), weights = new float[n];
                    float max = float.NegativeInfinity, sum = 0;
                    List<float> maxima = [];
                    for (int first = 0; first < n; first += split)
                    {
                        int count = Math.Min(split, n - first);
                        float[] row = [.. scores.Skip(first).Take(count), .. Enumerable.Repeat(float.NaN, AxisLayout.Pad(count) - count)];
                        fixed (float* p = row)
                            Get(tier).SoftmaxTile(p, count, factor, ref max, ref sum);
                        row.AsSpan(0, count).CopyTo(weights.AsSpan(first));
                        row.Skip(count).Any(weight => weight != 0).Should().BeFalse("the padding is cleared");
                        maxima.AddRange(Enumerable.Repeat(max, count));
                    }
                    double[] exact = [.. scores.Select(x => (double)(x * factor))];
                    double largest = exact.Max(), total = exact.Sum(x => Math.Exp(x - largest));
                    max.Should().BeApproximately((float)largest, 1e-6f);
                    for (int i = 0; i < n; i++)
                        (weights[i] * Math.Exp((double)maxima[i] - max) / sum).Should().BeApproximately(
                            Math.Exp(exact[i] - largest) / total, 1e-6, "at {0} of {1}", i, n);
                    if (n == 1)
                        sum.Should().Be(weights[0], "one key has the weight 1");
                }
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void SoftmaxTile_ScoreThatIsNotFinite_MakesTheSumNaN(string tier)
    {
        foreach (float fault in (ReadOnlySpan<float>)[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
            foreach (int at in (ReadOnlySpan<int>)[0, 7, 39])
            {
                float[] row = Values(48, 4);
                row[at] = fault;
                float max = float.NegativeInfinity, sum = 0;
                fixed (float* p = row)
                    Get(tier).SoftmaxTile(p, 40, 1, ref max, ref sum);
                sum.Should().Be(float.NaN);
            }
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void SquaredRelu_NegativeScoresAndPadding_AreZero(string tier)
    {
        float[] row = [1, -1, 3, .. Enumerable.Repeat(float.NaN, 13)];
        fixed (float* p = row)
            Get(tier).SquaredRelu(p, 3, 0.5f, 3);
        row.Should().Equal([0.25f / 3, 0, 2.25f / 3, .. new float[13]]);
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void Activate_WholeRangeOfFloats_MatchesDouble(string tier)
    {
        float[] x = [-1e30f, -200, -100, -88.5f, -87, -30, -1, -1e-3f, -0f, 0, 1e-30f, 1e-3f, 1, 30, 100, 1e30f];
        float[] swish = [.. x], relu = [.. x];
        fixed (float* p = swish)
            Get(tier).Activate(Activation.Swish, p, x.Length);
        fixed (float* p = relu)
            Get(tier).Activate(Activation.Relu, p, x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            double exact = x[i] / (1 + Math.Exp(-(double)x[i]));
            ((double)swish[i]).Should().BeApproximately(
                exact, Math.Abs(exact) * 1e-6 + (x[i] < -80 ? 1e-7 : 1e-30), "swish of {0}", x[i]);
            relu[i].Should().Be(Math.Max(x[i], 0));
        }
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void Norm_RowsOfAnyWidth_HaveMeanSquareOne(string tier)
    {
        foreach (int h in (ReadOnlySpan<int>)[1, 16, 21, 64])
        {
            int ld = AxisLayout.Pad(h);
            float[] x = new float[2 * ld];   // the second row is all zero
            Values(h, h).CopyTo(x, 0);
            double root = Math.Sqrt(x.Take(h).Sum(v => (double)v * v) / h);
            float[] before = [.. x];
            fixed (float* p = x)
                Get(tier).AddNorm(p, ld, null, 0, 2, h, 0);
            for (int i = 0; i < ld; i++)
                ((double)x[i]).Should().BeApproximately(before[i] / root, 1e-6);
            x.Skip(ld).Should().OnlyContain(value => value == 0, "keras and the reference give 0 for 0 / 0");
        }
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void ElementwiseKernels_EveryTier_SameBits(string tier)
    {
        float[] Run(KernelSet kernels)
        {
            float[] x = Values(320, 8), y = new float[64], table = Values(64, 9), gamma = Values(64, 10);
            float max = float.NegativeInfinity, sum = 0;
            fixed (float* px = x, py = y, pt = table, pg = gamma)
            {
                kernels.Rotate(px, pg, null, pt, pt + 32, py, 32);
                kernels.Activate(Activation.Swish, px, 320);
                kernels.AddNorm(px, 32, py, 32, 2, 30, 1e-12f);
                kernels.AddNorm(px, 160, null, 0, 2, 150, 1e-12f);
                kernels.SoftmaxTile(px, 310, 3, ref max, ref sum);
                kernels.Gate(px, 160, pt, 32, pg, 2, 32);
            }
            return [.. x, .. y, max, sum];
        }
        MemoryMarshal.AsBytes<float>(Run(Get(tier))).SequenceEqual(
            MemoryMarshal.AsBytes<float>(Run(Get("portable")))).Should().BeTrue();
    }

    [Fact]
    public void ExactFma_AnyFloats_IsTheFusedMultiplyAdd()
    {
        Random random = new(6);
        float Any() => random.Next(4) switch
        {
            0 => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)),
            1 => (random.Next(-64, 64) + 0.5f) / 8,
            2 => BitConverter.Int32BitsToSingle((random.Next(100, 150) << 23) | random.Next(4) | (random.Next(2) << 31)),
            _ => (float)(random.NextDouble() * 4 - 2),
        };
        for (int i = 0; i < 2_000_000; i++)
        {
            float a = Any(), b = Any();
            // Sums near −a b and near ties of the last place are where a second rounding would show.
            float c = i % 3 == 0 ? Any() : i % 3 == 1 ? -(a * b) : MathF.ScaleB(a * b, random.Next(-26, 27));
            float expected = MathF.FusedMultiplyAdd(a, b, c);
            float found = ExactFma.Compute(Vector128.Create(a), Vector128.Create(b), Vector128.Create(c))[i % 4];
            if (BitConverter.SingleToInt32Bits(found) != BitConverter.SingleToInt32Bits(expected) && !float.IsNaN(expected))
                Assert.Fail($"fma({a:R}, {b:R}, {c:R}) is {expected:R}, not {found:R}");
        }
    }

    [Fact]
    public void StrictMath_WholeRange_WithinTheLastPlacesOfTheLibrary()
    {
        for (double x = -650; x < 650; x += 0.37)
            Close(StrictMath.Exp(x), Math.Exp(x));
        for (double x = 1e-300; x < 1e300; x *= 1.7)
            Close(StrictMath.Log(x), Math.Log(x));
        StrictMath.Log(1).Should().Be(0);
        for (double x = 0; x < 70_000; x += 0.7531)
        {
            (double sin, double cos) = StrictMath.SinCos(x);
            sin.Should().BeApproximately(Math.Sin(x), 1e-15);
            cos.Should().BeApproximately(Math.Cos(x), 1e-15);
        }
        static void Close(double found, double expected) =>
            found.Should().BeApproximately(expected, Math.Abs(expected) * 1e-15);
    }

    private static float[] Values(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 4 - 2))];
    }
}
