using GauRuntime.Encoder;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Kernels.Cases;

/// <summary>A v of a chunk of queries, weights of 0 … 127, by stripes of columns.</summary>
internal sealed unsafe class ContextCase(string tier, int keys)
    : KernelCase(Section.Attention, tier, "A v, width 1536", $"n = {keys}")
{
    private const int Width = 1536, Block = BatchLayout.KeyBlock, Stripe = DenseInput.StripeColumns;

    private readonly int blocks = keys / Block;
    private byte* weights;        // [chunk, keys]
    private float* weightScales;  // [blocks, chunk]
    private sbyte* v;             // [width / 16, keys / 4, 16, 4]
    private float* vScales;       // [width / 16, blocks, 16]
    private float* o;             // [chunk, stripe]

    internal override double Work => 2.0 * Chunk * Width * keys;

    internal override void Prepare()
    {
        weights = (byte*)Bytes((long)Chunk * keys, lowest: 0);
        weightScales = Floats(Chunk * blocks, 0.01f, 0.02f);
        v = Bytes((long)keys * Width);
        vScales = Floats((long)blocks * Width, 0.01f, 0.02f);
        o = Zeros<float>(Chunk * Stripe);
    }

    internal override void Run()
    {
        Int8Rows rows = new(weights, keys, weightScales, Chunk);
        Int8Panels panels = new(
            v, (long)keys * Tiling.Panel, vScales, (long)blocks * Tiling.Panel, null, 0, Block, blocks);
        for (int column = 0; column < Width; column += Stripe)
            Kernels.MultiplyInt8(
                rows, Chunk, panels.From(column / Tiling.Panel), Stripe / Tiling.Panel, o, Stripe, null,
                Activation.Identity);
    }

    private protected override double MeasurePeak() => PeakProbe.MeasureInt8(Tier);
}
