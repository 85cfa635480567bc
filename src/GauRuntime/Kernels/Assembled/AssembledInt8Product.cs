using System.Numerics;
using System.Runtime.Intrinsics.X86;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels.Assembled;

/// <summary>The int8 product by assembled tiles: 512-bit vpdpbusd.</summary>
internal sealed unsafe class AssembledInt8Product : Int8Product
{
    /// <summary>
    /// Rows k of a pass. Two panels of weights then come from the L2 cache for every tile, which costs less than a
    /// second pass over C.
    /// </summary>
    private const int PassDepth = 1536;

    private const int Panel = Tiling.Panel;

    /// <summary>That of attention; of few keys half of it.</summary>
    private const int AttentionBlock = 64;

    private readonly AssembledActivation activations;
    private readonly TileTable[] tables = new TileTable[2 * StorageScheme.Blocks.Count];   // [block, starts]
    private readonly Lock making = new();

    public AssembledInt8Product(AssembledActivation activations)
    {
        this.activations = activations;
        Prepare(AttentionBlock, starts: true);
        Prepare(AttentionBlock, starts: false);
        Prepare(AttentionBlock / 2, starts: false);
    }

    public override bool ShiftsActivations => true;

    public override void Multiply(
        Int8Rows a, int rows, Int8Panels b, int panels, float* c, int ldc, float* bias, KernelActivation activation)
    {
        TileTable tiles = tables[Index(b.Block, b.Sums != null)] ?? Prepare(b.Block, b.Sums != null);
        int passBlocks = PassDepth / b.Block;
        for (int panel = 0; panel < panels; panel += 2)
        {
            int vectors = Math.Min(2, panels - panel);
            float* stripe = c + panel * Panel;
            for (int first = 0; first < b.Blocks; first += passBlocks)
            {
                Int8Panels pass = b.From(panel).Part(first, Math.Min(passBlocks, b.Blocks - first));
                Int8Rows activationRows = a.Part(first, b.Block);
                PrefetchHeaders(b.From(panel + 2).Part(first, pass.Blocks));
                Int8TileArguments arguments = new()
                {
                    A = activationRows.Values,
                    Lda = a.Stride,
                    W = pass.Values,
                    PanelBytes = (nint)b.Stride,
                    WScales = pass.Scales,
                    WScaleBytes = (nint)pass.ScaleStride * sizeof(float),
                    Sums = pass.Sums,
                    SumBytes = (nint)pass.SumStride * sizeof(short),
                    Scales = activationRows.Scales,
                    ScaleBytes = (nint)a.ScaleStride * sizeof(float),
                    Blocks = pass.Blocks,
                    Prefetch = first + pass.Blocks < b.Blocks
                        ? pass.Values + (long)pass.Blocks * b.Block * Panel
                        : pass.Values + 2 * b.Stride,
                    Output = new()
                    {
                        C = stripe,
                        RowBytes = (nint)ldc * sizeof(float),
                        Accumulate = first > 0 ? 1 : 0,
                    },
                };
                tiles.Run(&arguments.Output, rows, vectors);
            }
            activations.Apply(
                activation, stripe, ldc, rows, vectors, bias == null ? null : bias + panel * Panel);
        }
    }

    /// <summary>Asks for the scales and sums of two panels: the tiles prefetch the values alone.</summary>
    private static void PrefetchHeaders(Int8Panels b)
    {
        for (int n = 0; n < b.Blocks; n++)
        {
            Sse.Prefetch1(b.Scales + n * Panel);
            Sse.Prefetch1(b.Scales + b.ScaleStride + n * Panel);
        }
        for (int n = 0; b.Sums != null && n < b.Blocks; n += 2)
        {
            Sse.Prefetch1(b.Sums + n * Panel);
            Sse.Prefetch1(b.Sums + b.SumStride + n * Panel);
        }
    }

    private static int Index(int block, bool starts) =>
        2 * BitOperations.Log2((uint)(block / StorageScheme.Blocks[0])) + (starts ? 1 : 0);

    public override void Prepare(int block) => Prepare(block, starts: true);

    private TileTable Prepare(int block, bool starts)
    {
        lock (making)
            return tables[Index(block, starts)] ??= new TileTable(
                Int8Tile.MaxRows, (rows, vectors) => new Int8Tile(rows, vectors, block, starts));
    }
}
