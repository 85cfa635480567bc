using System.Runtime.Intrinsics;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels.Assembled;

/// <summary>The int8 product by assembled tiles: 512-bit vpdpbusd.</summary>
internal sealed unsafe class AssembledInt8Product : Int8Product
{
    /// <summary>Rows k of a pass: two panels of weights and 12 rows of activations stay in the L1 cache.</summary>
    private const int PassDepth = 768;

    private const int MaxPassBlocks = PassDepth / 32, Panel = Tiling.Panel;

    private readonly TileTable tiles = new();

    public override bool ShiftsActivations => true;

    public override void Multiply(
        Int8Rows a, int rows, Int8Panels b, int panels, float* c, int ldc, bool accumulate, Activation activation)
    {
        int passBlocks = PassDepth / b.Block;
        int* headers = stackalloc int[MaxPassBlocks * 4 * Panel + Panel];
        headers = (int*)(((nint)headers + 63) & -64);
        for (int panel = 0; panel < panels; panel += 2)
            for (int first = 0; first < b.Blocks; first += passBlocks)
            {
                int blocks = Math.Min(passBlocks, b.Blocks - first), vectors = Math.Min(2, panels - panel);
                Pass(a.Part(first, b.Block), rows, b.From(panel).Part(first, blocks), vectors, c + panel * Panel, ldc,
                    accumulate || first > 0, first + blocks == b.Blocks ? activation : Activation.Identity, headers);
            }
    }

    private void Pass(
        Int8Rows a, int rows, Int8Panels b, int vectors, float* c, int ldc, bool accumulate, Activation activation,
        int* headers)
    {
        WriteHeaders(b, vectors, headers);
        Int8TileArguments arguments = new()
        {
            Lda = a.Stride,
            W = b.Values,
            PanelBytes = (nint)b.Stride,
            Headers = (byte*)headers,
            ScaleBytes = (nint)a.ScaleStride * sizeof(float),
            Blocks = b.Blocks,
            RowBytes = (nint)ldc * sizeof(float),
        };
        for (int row = 0, left = Tiling.TileCount(rows, Int8Tile.MaxRows); row < rows; left--)
        {
            int tileRows = Tiling.TileRows(rows - row, left);
            Int8Rows tile = a.From(row);
            arguments.A = tile.Values;
            arguments.Scales = tile.Scales;
            arguments.C = c + (long)row * ldc;
            tiles.Int8(tileRows, vectors, b.Block, b.Sums != null, accumulate, activation)(&arguments);
            row += tileRows;
        }
    }

    /// <summary>Per block: where the sums start, −128 · Σ w, if activations are shifted; then the scales.</summary>
    private static void WriteHeaders(Int8Panels b, int vectors, int* headers)
    {
        for (int n = 0; n < b.Blocks; n++)
        {
            for (int vector = 0; vector < vectors && b.Sums != null; vector++, headers += Panel)
            {
                short* sums = b.Sums + vector * b.SumStride + n * Panel;
                for (int i = 0; i < Panel; i += 8)
                {
                    (Vector128<int> low, Vector128<int> high) = Vector128.Widen(Vector128.Load(sums + i));
                    Vector128.Store(-(low << 7), headers + i);
                    Vector128.Store(-(high << 7), headers + i + 4);
                }
            }
            for (int vector = 0; vector < vectors; vector++, headers += Panel)
                new ReadOnlySpan<float>(b.Scales + vector * b.ScaleStride + n * Panel, Panel)
                    .CopyTo(new Span<float>(headers, Panel));
        }
    }
}
