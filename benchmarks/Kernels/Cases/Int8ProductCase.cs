using GauRuntime.Encoder;
using GauRuntime.Kernels;

namespace GauRuntime.Benchmarks.Kernels.Cases;

/// <summary>A dense layer with int8 blocks, from float activations on.</summary>
internal sealed unsafe class Int8ProductCase(string tier, Product product, int block)
    : KernelCase(Section.Int8, tier, product.Name, $"{product.Shape}, blocks of {block}")
{
    private readonly int blocks = product.K / block;
    private float* a;        // [M, K]
    private byte* q;         // [chunk, K]
    private float* qScales;  // [blocks, chunk]
    private sbyte* w;        // [layers, N / 16, K / 4, 16, 4]
    private float* wScales;  // [layers, N / 16, blocks, 16]
    private short* wSums;    // [layers, N / 16, even blocks, 16]; zeros take as long as the true sums
    private float* c;        // [chunk, N], skewed as the encoder's rows are
    private int layer;

    internal override double Work => product.Operations;

    private int EvenBlocks => (blocks + 1) / 2 * 2;

    internal override void Prepare()
    {
        (long m, long n, long k) = (product.M, product.N, product.K);
        a = Floats(m * k, -1, 1);
        q = Zeros<byte>(Chunk * k);
        qScales = Zeros<float>((long)Chunk * blocks);
        w = Bytes(n * k, Product.Layers);
        wScales = Floats(n * blocks, 0.01f, 0.02f, Product.Layers);
        wSums = Zeros<short>(n * EvenBlocks * Product.Layers);
        c = Zeros<float>(Chunk * (n + BatchLayout.RowSkew));
    }

    internal override void Run()
    {
        (int n, int k) = (product.N, product.K);
        long at = (long)layer * n;
        Int8Panels panels = new(
            w + at * k, (long)k * Tiling.Panel, wScales + at * blocks, (long)blocks * Tiling.Panel,
            wSums + at * EvenBlocks, (long)EvenBlocks * Tiling.Panel, block, blocks);
        Int8Rows rows = new(q, k, qScales, Chunk);
        for (int row = 0; row < product.M; row += Chunk)
        {
            Kernels.Quantize(a + (long)row * k, k, k, Chunk, block, rows, Kernels.Shift);
            Kernels.MultiplyInt8(rows, Chunk, panels, n / Tiling.Panel, c, n + BatchLayout.RowSkew, null,
                product.Activation);
        }
        layer = (layer + 1) % Product.Layers;
    }

    private protected override double MeasurePeak() => PeakProbe.MeasureInt8(Tier);
}
