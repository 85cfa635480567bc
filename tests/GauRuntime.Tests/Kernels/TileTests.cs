using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Kernels.Assembled;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Kernels;

/// <summary>
/// The tiles of products against scalar arithmetic, interpreted: also where the processor has no AVX-512, and where it
/// does, what the tiles do is what the instructions say.
/// </summary>
public sealed unsafe class TileTests
{
    private const int Tiles = 2;   // below each other

    public TileTests() => Assert.SkipUnless(
        OperatingSystem.IsLinux() || OperatingSystem.IsWindows(), "tiles are mapped on Linux and Windows alone");

    public static TheoryData<int, int> Sizes(int rows)
    {
        TheoryData<int, int> data = [];
        for (int row = 1; row <= rows; row++)
            for (int vector = 1; vector <= 2; vector++)
                data.Add(row, vector);
        return data;
    }

    [Theory]
    [MemberData(nameof(Sizes), ActivationTile.GroupRows)]
    public void Activation_WithAndWithoutBias_IsTheActivationOfTheSum(int rows, int vectors)
    {
        const int Groups = 3;
        int columns = 16 * vectors, ld = columns + 16;
        KernelActivation[] all =
        [
            Activation.Identity, Activation.Swish, Activation.Relu, Activation.Gelu, Activation.GeluTanh,
            new(Activation.Swish, Short: true), new(Activation.Gelu, Short: true),
            new(Activation.GeluTanh, Short: true),
        ];
        foreach (KernelActivation activation in all)
            foreach ((float size, bool biased) in ((float, bool)[])[(90, false), (8, true), (14, false)])
            {
                float[] x = Values(rows * Groups * ld, size), bias = Values(columns, 3);
                (x[0], x[1], x[2], x[3]) = (-0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity);
                float[] expected = [.. x];
                for (int row = 0; row < rows * Groups; row++)
                    fixed (float* to = &expected[row * ld])
                    {
                        for (int i = 0; biased && i < columns; i++)
                            to[i] += bias[i];
                        KernelTiers.Get("portable").Activate(activation, to, columns);
                    }
                fixed (float* px = x, pb = bias)
                    Run(new ActivationTile(activation, rows, vectors), new ActivationArguments
                    {
                        X = px, RowBytes = ld * sizeof(float), Groups = Groups, Bias = biased ? pb : null,
                    });
                SameBits(x, expected, $"{activation} to {size}, bias {biased}");
            }
    }

    [Theory]
    [MemberData(nameof(Sizes), FloatTile.MaxRows)]
    public void Float_FromZeroOrFromC_IsOneChainOfFusedMultiplyAdds(int rows, int vectors)
    {
        const int Depth = 7, Lda = Depth + 2;
        int all = rows * Tiles, ld = 16 * vectors + 16;
        float[] a = Values(all * Lda, 2), b = Values(vectors * Depth * 16, 2);
        foreach (bool accumulate in (ReadOnlySpan<bool>)[false, true])
        {
            float[] c = Values(all * ld, 2), expected = [.. c];
            for (int row = 0; row < all; row++)
                for (int column = 0; column < 16 * vectors; column++)
                {
                    ref float sum = ref expected[row * ld + column];
                    if (!accumulate)
                        sum = 0;
                    for (int k = 0; k < Depth; k++)
                        sum = MathF.FusedMultiplyAdd(
                            a[row * Lda + k], b[(column / 16 * Depth + k) * 16 + column % 16], sum);
                }
            fixed (float* pa = a, pb = b, pc = c)
                Run(new FloatTile(rows, vectors), new FloatTileArguments
                {
                    A = pa, Lda = Lda * sizeof(float), B = pb, PanelBytes = Depth * 16 * sizeof(float), Depth = Depth,
                    Prefetch = pb, Output = Output(pc, ld, accumulate),
                });
            SameBits(c, expected, $"accumulate {accumulate}");
        }
    }

    [Theory]
    [MemberData(nameof(Sizes), Int8Tile.MaxRows)]
    public void Int8_EveryBlockAndStart_IsExactPerBlock(int rows, int vectors)
    {
        foreach (int block in StorageScheme.Blocks)
            foreach (bool starts in (ReadOnlySpan<bool>)[false, true])
                CheckInt8(rows, vectors, block, starts, accumulate: starts == (block == 64));
    }

    private static void CheckInt8(int rows, int vectors, int block, bool starts, bool accumulate)
    {
        const int Blocks = 2;
        int all = rows * Tiles, ld = 16 * vectors + 16, depth = block * Blocks;
        Random random = new(rows);
        (int least, int end) = starts ? (1, 256) : (0, 128);
        byte[] a = [.. Enumerable.Range(0, all * depth).Select(_ => (byte)random.Next(least, end))];
        sbyte[] w = [.. Enumerable.Range(0, vectors * depth * 16).Select(_ => (sbyte)random.Next(-127, 128))];
        short[] sums = new short[vectors * Blocks * 16];
        float[] scales = Values(all * Blocks, 1), wScales = Values(vectors * Blocks * 16, 1);
        float[] c = Values(all * ld, 2), expected = [.. c];
        for (int column = 0; column < 16 * vectors; column++)
            for (int k = 0; k < depth; k++)
                sums[(column / 16 * Blocks + k / block) * 16 + column % 16] += Weight(column, k);
        for (int row = 0; row < all; row++)
            for (int column = 0; column < 16 * vectors; column++)
            {
                ref float result = ref expected[row * ld + column];
                if (!accumulate)
                    result = 0;
                for (int n = 0; n < Blocks; n++)
                {
                    int sum = 0;
                    for (int k = n * block; k < (n + 1) * block; k++)
                        sum += (a[row * depth + k] - (starts ? 128 : 0)) * Weight(column, k);
                    float scale = scales[n * all + row] * wScales[(column / 16 * Blocks + n) * 16 + column % 16];
                    result = MathF.FusedMultiplyAdd(sum, scale, result);
                }
            }
        fixed (byte* pa = a)
        fixed (sbyte* pw = w)
        fixed (short* ps = sums)
        fixed (float* pc = c, pScales = scales, pw2 = wScales)
            Run(new Int8Tile(rows, vectors, block, starts), new Int8TileArguments
            {
                A = pa, Lda = depth, W = pw, PanelBytes = depth * 16, WScales = pw2,
                WScaleBytes = Blocks * 16 * sizeof(float), Sums = starts ? ps : null,
                SumBytes = Blocks * 16 * sizeof(short), Scales = pScales, ScaleBytes = all * sizeof(float),
                Blocks = Blocks, Prefetch = pw, Output = Output(pc, ld, accumulate),
            });
        SameBits(c, expected, $"block {block}, starts {starts}");

        sbyte Weight(int column, int k) => w[(column / 16 * depth + k / 4 * 4) * 16 + column % 16 * 4 + k % 4];
    }

    private static TileOutput Output(float* c, int ld, bool accumulate) => new()
    {
        C = c, RowBytes = ld * sizeof(float), Accumulate = accumulate ? 1 : 0, Tiles = Tiles,
    };

    private static void Run<T>(TileAssembler tile, T arguments)
        where T : unmanaged
    {
        using TileProcessor processor = new(tile.Map());
        processor.Run(&arguments);
    }

    private static float[] Values(int count, float size)
    {
        Random random = new(count);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2 - 1) * size)];
    }

    private static void SameBits(float[] found, float[] expected, string where)
    {
        for (int i = 0; i < found.Length; i++)
            if (BitConverter.SingleToInt32Bits(found[i]) != BitConverter.SingleToInt32Bits(expected[i])
                && !(float.IsNaN(found[i]) && float.IsNaN(expected[i])))
                Assert.Fail($"{where}: {found[i]:R} at {i}, not {expected[i]:R}");
        found.Should().HaveCount(expected.Length);
    }
}
