using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Model;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Kernels;

/// <summary>Every kernel of every tier against scalar arithmetic written from its definition.</summary>
public sealed unsafe class KernelTests
{
    public static TheoryData<string> Tiers() => [.. KernelTiers.Available];

    private static KernelSet Get(string tier) => tier == EmulatedVnni
        ? new VectorKernels<Lanes256, Vector256<float>, Vector256<int>>(
            new Int8Product<
                Lanes256, Vector256<float>, Vector256<int>, EmulatedVnniDot, Vector256<sbyte>, Vector256<byte>>())
        : KernelTiers.Get(tier);

    private const string EmulatedVnni = "avxvnni with vpdpbusd emulated";

    /// <summary>The tiers of this machine, and the logic of avxvnni wherever AVX2 is.</summary>
    public static TheoryData<string> Int8Tiers() =>
        Avx2.IsSupported ? [.. KernelTiers.Available, EmulatedVnni] : Tiers();

    [Fact]
    public void Tiers_OfThisMachine_AreAllTested()
    {
        string[] missing = [.. KernelTiers.Known.Except(KernelTiers.Available)];
        Assert.SkipUnless(missing.Length == 0, $"this machine's processor cannot run {string.Join(", ", missing)}");
        KernelTiers.Available.Should().Equal(KernelTiers.Known);
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void Multiply_AnyShape_IsOneChainOfFusedMultiplyAdds(string tier)
    {
        foreach (int rows in (ReadOnlySpan<int>)[1, 2, 5, 6, 7, 13, 127])
            foreach (int panels in (ReadOnlySpan<int>)[1, 2, 3])
                foreach (int depth in (ReadOnlySpan<int>)[1, 16, 37])
                {
                    float[] a = Values(rows * depth, 1), b = Values(panels * depth * 16, 2);
                    float[] c = new float[rows * panels * 16];
                    fixed (float* pa = a, pb = b, pc = c)
                        Get(tier).Multiply(pa, depth, rows, pb, depth * 16, 16, depth, panels, pc, panels * 16);
                    for (int row = 0; row < rows; row++)
                        for (int column = 0; column < panels * 16; column++)
                        {
                            float sum = 0;
                            for (int k = 0; k < depth; k++)
                                sum = MathF.FusedMultiplyAdd(
                                    a[row * depth + k], b[column / 16 * depth * 16 + k * 16 + column % 16], sum);
                            c[row * panels * 16 + column].Should().Be(
                                sum, "row {0}, column {1} of {2} x {3}", row, column, rows, depth);
                        }
                }
    }

    [Theory]
    [MemberData(nameof(Int8Tiers))]
    public void MultiplyInt8_AnyShapeAndExtremeValues_IsExactPerBlock(string tier)
    {
        foreach (int rows in (ReadOnlySpan<int>)[1, 6, 8])
            foreach (int panels in (ReadOnlySpan<int>)[1, 3])
                foreach ((int block, int blocks) in (ReadOnlySpan<(int, int)>)[(32, 1), (32, 3), (64, 2), (128, 1)])
                    foreach (bool extreme in (ReadOnlySpan<bool>)[false, true])
                        CheckInt8(Get(tier), rows, panels, block, blocks, extreme);
    }

    private static void CheckInt8(KernelSet kernels, int rows, int panels, int block, int blocks, bool extreme)
    {
        int depth = block * blocks, columns = panels * 16, sumBlocks = (blocks + 1) / 2 * 2;
        Random random = new(rows + panels + block);
        sbyte Value() => (sbyte)(extreme ? random.Next(2) * 254 - 127 : random.Next(-127, 128));
        sbyte[] a = [.. Enumerable.Range(0, rows * depth).Select(_ => Value())];
        sbyte[] w = [.. Enumerable.Range(0, columns * depth).Select(_ => Value())];
        float[] scalesA = Values(rows * blocks, 3), scalesW = Values(columns * blocks, 4),
            c = new float[rows * columns];
        sbyte Weight(int column, int k) => w[(column / 16 * depth + k / 4 * 4) * 16 + column % 16 * 4 + k % 4];
        short[] sums = new short[columns * sumBlocks];
        for (int column = 0; column < columns; column++)
            for (int k = 0; k < depth; k++)
                sums[(column / 16 * sumBlocks + k / block) * 16 + column % 16] += Weight(column, k);

        fixed (sbyte* pa = a, pw = w)
        fixed (float* psa = scalesA, psw = scalesW, pc = c)
        fixed (short* ps = sums)
            kernels.MultiplyInt8(
                pa, psa, rows, new PackedMatrix(WeightType.Int8, columns, depth, block, (byte*)pw, psw, ps), pc,
                columns);

        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
            {
                float expected = 0;
                for (int n = 0; n < blocks; n++)
                {
                    int sum = 0;
                    for (int k = n * block; k < (n + 1) * block; k++) sum += a[row * depth + k] * Weight(column, k);
                    float scale = scalesA[row * blocks + n] * scalesW[(column / 16 * blocks + n) * 16 + column % 16];
                    expected = MathF.FusedMultiplyAdd(sum, scale, expected);
                }
                c[row * columns + column].Should().Be(
                    expected, "row {0}, column {1}, blocks of {2}", row, column, block);
            }
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void Quantize_AnyBlock_RoundsHalfToEvenWithinTheBlock(string tier)
    {
        const int Rows = 3, Columns = 80, Block = 64, Blocks = 2;
        float[] x = Values(Rows * Columns, 5);
        // Row 0: halves at scale 1. Row 1: first block too small to invert. Row 2: random.
        for (int i = 0; i < Columns; i++) x[i] = i == 0 || i == 64 ? 127 : i % 20 - 9.5f;
        for (int i = 0; i < 64; i++) x[Columns + i] = i == 3 ? 1e-40f : 0;
        sbyte[] q = new sbyte[Rows * Block * Blocks];
        float[] scales = new float[Rows * Blocks];
        fixed (float* px = x, ps = scales)
        fixed (sbyte* pq = q)
            Get(tier).Quantize(px, Columns, Rows, Block, Blocks, pq, ps);
        for (int row = 0; row < Rows; row++)
            for (int n = 0; n < Blocks; n++)
            {
                ReadOnlySpan<float> part = x.AsSpan(row * Columns + n * Block, Math.Min(Block, Columns - n * Block));
                float max = part.ToArray().Max(Math.Abs), inverse = 127f / max;
                bool zero = !float.IsFinite(inverse);
                scales[row * Blocks + n].Should().Be(zero ? 0 : max / 127);
                for (int i = 0; i < Block; i++)
                    q[(row * Blocks + n) * Block + i].Should().Be(
                        zero || i >= part.Length
                            ? (sbyte)0
                            : (sbyte)MathF.Round(part[i] * inverse, MidpointRounding.ToEven));
            }
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void Softmax_AnyLength_MatchesDoubleAndClearsThePadding(string tier)
    {
        foreach (int n in (ReadOnlySpan<int>)[1, 2, 15, 16, 17, 64, 100])
            foreach (float factor in (ReadOnlySpan<float>)[0f, 0.1f, 30f])
            {
                float[] row = [.. Values(n, n), .. Enumerable.Repeat(float.NaN, AxisLayout.Pad(n) - n)];
                double[] scores = [.. row.Take(n).Select(x => (double)(x * factor))];
                fixed (float* p = row) Get(tier).Softmax(p, n, factor);
                double max = scores.Max(), sum = scores.Sum(x => Math.Exp(x - max));
                for (int i = 0; i < row.Length; i++)
                    row[i].Should().BeApproximately(
                        i < n ? (float)(Math.Exp(scores[i] - max) / sum) : 0, 1e-6f, "at {0} of {1}", i, n);
                if (n == 1) row[0].Should().Be(1);
            }
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void SquaredRelu_NegativeScoresAndPadding_AreZero(string tier)
    {
        float[] row = [1, -1, 3, .. Enumerable.Repeat(float.NaN, 13)];
        fixed (float* p = row) Get(tier).SquaredRelu(p, 3, 0.5f);
        row.Should().Equal([0.25f / 3, 0, 2.25f / 3, .. new float[13]]);
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void Activate_WholeRangeOfFloats_MatchesDouble(string tier)
    {
        float[] x = [-1e30f, -200, -100, -88.5f, -87, -30, -1, -1e-3f, -0f, 0, 1e-30f, 1e-3f, 1, 30, 100, 1e30f];
        float[] swish = [.. x], relu = [.. x];
        fixed (float* p = swish) Get(tier).Activate(Activation.Swish, p, x.Length);
        fixed (float* p = relu) Get(tier).Activate(Activation.Relu, p, x.Length);
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
            fixed (float* p = x) Get(tier).Norm(p, ld, 2, h, 0);
            for (int i = 0; i < ld; i++) ((double)x[i]).Should().BeApproximately(before[i] / root, 1e-6);
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
            fixed (float* px = x, py = y, pt = table, pg = gamma)
            {
                kernels.Rotate(px, pg, null, pt, pt + 32, py, 32);
                kernels.Activate(Activation.Swish, px, 320);
                kernels.Norm(px, 160, 2, 150, 1e-12f);
                kernels.Softmax(px, 310, 3);
            }
            return [.. x, .. y];
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
        for (double x = -650; x < 650; x += 0.37) Close(StrictMath.Exp(x), Math.Exp(x));
        for (double x = 1e-300; x < 1e300; x *= 1.7) Close(StrictMath.Log(x), Math.Log(x));
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
