using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Kernels.Assembled;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Kernels;

/// <summary>The AMX tiles against scalar arithmetic, interpreted: on any processor.</summary>
public sealed unsafe class AmxTileTests : IDisposable
{
    private readonly TileRegisters registers = new();
    private readonly Interpreter interpreter;

    public AmxTileTests()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() || OperatingSystem.IsWindows(), "tiles are mapped on Linux and Windows alone");
        interpreter = new Interpreter(registers);
    }

    public void Dispose() => interpreter.Dispose();

    public static TheoryData<int, int> Sizes()
    {
        TheoryData<int, int> data = [];
        foreach (int rows in (int[])[.. Enumerable.Range(1, 18), 31, 32])
            for (int vectors = 1; vectors <= 2; vectors++)
                data.Add(rows, vectors);
        return data;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Amx_EveryBlock_IsExactPerBlock(int rows, int vectors)
    {
        foreach (int block in StorageScheme.Blocks)
            foreach (bool extreme in (ReadOnlySpan<bool>)[false, true])
                Check(rows, vectors, block, extreme);
    }

    [Fact]
    public void Fault_OfTheProduct_IsNone()
    {
        AmxSelfCheck.Fault(Product(), KernelTiers.PortableProduct()).Should().BeNull();
        registers.AreReleased.Should().BeTrue();
    }

    [Theory]
    [InlineData(33)]
    [InlineData(47)]
    [InlineData(48)]
    [InlineData(49)]
    [InlineData(128)]
    public void Multiply_SeveralTilesOfRows_HasTheBitsOfPortable(int rows)
    {
        foreach (int block in StorageScheme.Blocks)
            AmxSelfCheck.Multiply(Product(), rows, block).Should().Equal(
                AmxSelfCheck.Multiply(KernelTiers.PortableProduct(), rows, block), "blocks of {0}", block);
    }

    [Fact]
    public void Begin_SeveralProducts_ConfigureOnceForEveryShape()
    {
        AmxInt8Product product = Product();
        product.Begin();
        foreach (int rows in (int[])[16, 32, 128, 128])
            AmxSelfCheck.Multiply(product, rows, 64);
        registers.Configurations.Should().Be(1);
        AmxSelfCheck.Multiply(product, 16, 256);
        registers.Configurations.Should().Be(1, "a step takes 64 inputs from blocks of 64 on");
        AmxSelfCheck.Multiply(product, 5, 64);
        AmxSelfCheck.Multiply(product, 16, 32);
        registers.Configurations.Should().Be(3);
        registers.AreReleased.Should().BeFalse();
        product.End();
        registers.AreReleased.Should().BeTrue();
        product.End();   // of a pass without products
        AmxSelfCheck.Multiply(product, 16, 32);
        registers.AreReleased.Should().BeTrue("outside of a pass a product leaves nothing");
    }

    [Fact]
    public void Fault_RightProduct_IsNoneAndAnythingElseIsNamed()
    {
        Int8Product right = KernelTiers.PortableProduct();
        AmxSelfCheck.Fault(right, right).Should().BeNull();
        AmxSelfCheck.Fault(new WrongProduct(right, wrongRows: 9, wrongBlock: 64), right).Should().Be(
            "its self-check failed: a product of 9 rows in blocks of 64 has other bits");
        AmxSelfCheck.Fault(new WrongProduct(right, wrongRows: 32, wrongBlock: 32), right).Should().Be(
            "its self-check failed: a product of 32 rows in blocks of 32 has other bits");
    }

    [Fact]
    public void Choose_KernelsThatFailTheirCheck_TakesTheNextTierAndSaysWhy()
    {
        TierChoice choice = new(
            [
                ("amx", () => null, () => throw new KernelFaultException("its self-check failed: so")),
                ("portable", () => null, () => KernelTiers.Get("portable")),
            ],
            () => null);
        choice.Choose("amx", 64).Tier.Should().Be("portable");
        choice.Available.Should().Equal("portable");
        choice.Unavailable["amx"].Should().Be("its self-check failed: so");
    }

    [Fact]
    public void Unavailable_AmxWithoutTheProcessor_SaysSo()
    {
        Assert.SkipUnless(File.Exists("/proc/cpuinfo"), "reads /proc/cpuinfo");
        Assert.SkipWhen(KernelTiers.Available.Contains("amx"), "this machine has AMX");
        string[] flags = File.ReadAllText("/proc/cpuinfo").Split([' ', '\n']);
        Assert.SkipWhen(flags.Contains("amx_int8"), "this machine has AMX, which is refused");
        KernelTiers.Unavailable["amx"].Should().Be("the processor has no AMX");
    }

    private void Check(int rows, int vectors, int block, bool extreme)
    {
        const int Blocks = 2, Tile = AmxTiles.Rows;
        int depth = block * Blocks, lda = depth + 32, ld = 16 * vectors + 16, stepBytes = Math.Min(block, 64);
        Random random = new(rows + block);
        int Value() => extreme ? random.Next(2) * 254 - 127 : random.Next(-127, 128);
        byte[] a = [.. Enumerable.Range(0, (rows - 1) * lda + depth).Select(_ => (byte)Value())];
        sbyte[] w = [.. Enumerable.Range(0, vectors * depth * 16).Select(_ => (sbyte)Value())];
        float[] scales = Values(random, rows * Blocks), wScales = Values(random, vectors * Blocks * 16);
        float[] c = Values(random, rows * ld), expected = [.. c];
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < 16 * vectors; column++)
            {
                float result = 0;
                for (int n = 0; n < Blocks; n++)
                {
                    int sum = 0;
                    for (int k = n * block; k < (n + 1) * block; k++)
                        sum += (sbyte)a[row * lda + k] * w[(column / 16 * depth + k / 4 * 4) * 16 + column % 16 * 4 + k % 4];
                    float scale = scales[n * rows + row] * wScales[(column / 16 * Blocks + n) * 16 + column % 16];
                    result = MathF.FusedMultiplyAdd(sum, scale, result);
                }
                expected[row * ld + column] = result;
            }
        int[] sums = new int[rows * vectors * 16];
        AmxTiles tiles = new(interpreter);
        tiles.Enter(Math.Min(rows, Tile), stepBytes);
        fixed (byte* pa = a)
        fixed (sbyte* pw = w)
        fixed (int* ps = sums)
        fixed (float* pc = c, pScales = scales, pw2 = wScales)
        {
            AmxTileArguments arguments = new()
            {
                C = pc, RowBytes = ld * sizeof(float), Rows = rows, A = pa, Lda = lda,
                SecondRows = (nint)(rows - Tile) * lda, W = pw, PanelBytes = depth * 16, WScales = pw2,
                WScaleBytes = Blocks * 16 * sizeof(float), Scales = pScales, ScaleBytes = rows * sizeof(float),
                Blocks = Blocks, Steps = block / stepBytes, StepBytes = stepBytes, Sums = ps,
                SecondSums = (rows - Tile) * vectors * 64,
            };
            interpreter.Run(new AmxTile(rows > Tile ? 2 : 1, vectors).Map(), &arguments);
        }
        tiles.Leave();
        c.Select(BitConverter.SingleToInt32Bits).Should().Equal(
            expected.Select(BitConverter.SingleToInt32Bits), "block {0}, extreme {1}", block, extreme);
    }

    private AmxInt8Product Product() => new(new AssembledActivation(), interpreter);

    private static float[] Values(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];

    /// <summary>Plays tiles with one thread's registers.</summary>
    private sealed class Interpreter(TileRegisters registers) : TileCall, IDisposable
    {
        private readonly Dictionary<nint, TileProcessor> tiles = [];

        public override void Run(nint tile, void* arguments)
        {
            if (!tiles.TryGetValue(tile, out TileProcessor? processor))
                tiles[tile] = processor = new TileProcessor(tile, registers);
            processor.Run(arguments);
        }

        public void Dispose()
        {
            foreach (TileProcessor processor in tiles.Values)
                processor.Dispose();
        }
    }

    /// <summary>A product that errs in one bit where it has so many rows and such blocks.</summary>
    private sealed class WrongProduct(Int8Product right, int wrongRows, int wrongBlock) : Int8Product
    {
        public override bool ShiftsActivations => false;

        public override void Multiply(
            Int8Rows a, int rows, Int8Panels b, int panels, float* c, int ldc, float* bias, KernelActivation activation)
        {
            right.Multiply(a, rows, b, panels, c, ldc, bias, activation);
            if (rows == wrongRows && b.Block == wrongBlock)
                ((int*)c)[ldc + 1] ^= 1;
        }
    }
}
