using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Kernels.Cases;

/// <summary>q kᵀ of a chunk of queries with all keys, by tiles of 512 keys.</summary>
internal sealed unsafe class ScoresCase(string tier, int keys)
    : KernelCase(Section.Attention, tier, "q kᵀ, width 128", $"n = {keys}")
{
    private const int Width = 128, Block = 64, Blocks = Width / Block, Tile = 512;

    private byte* q;         // [chunk, width]
    private float* qScales;  // [blocks, chunk]
    private sbyte* k;        // [keys / 16, width / 4, 16, 4]
    private float* kScales;  // [keys / 16, blocks, 16]
    private short* kSums;    // [keys / 16, blocks, 16]
    private float* scores;   // [chunk, tile]

    internal override double Work => 2.0 * Chunk * Width * keys;

    internal override void Prepare()
    {
        q = (byte*)Bytes(Chunk * Width);
        qScales = Floats(Chunk * Blocks, 0.01f, 0.02f);
        k = Bytes((long)keys * Width);
        kScales = Floats(keys * Blocks, 0.01f, 0.02f);
        kSums = Zeros<short>(keys * Blocks);
        scores = Zeros<float>(Chunk * Tile);
    }

    internal override void Run()
    {
        Int8Rows rows = new(q, Width, qScales, Chunk);
        Int8Panels panels = new(
            k, Width * Tiling.Panel, kScales, Blocks * Tiling.Panel, kSums, Blocks * Tiling.Panel, Block, Blocks);
        for (int key = 0; key < keys; key += Tile)
            Kernels.MultiplyInt8(
                rows, Chunk, panels.From(key / Tiling.Panel), Math.Min(Tile, keys - key) / Tiling.Panel, scores, Tile,
                null, Activation.Identity);
    }

    private protected override double MeasurePeak() => PeakProbe.MeasureInt8(Tier);
}
