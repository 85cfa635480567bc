using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels.Assembled;

/// <summary>The float product by assembled tiles: 512-bit fused multiply-adds.</summary>
internal sealed unsafe class AssembledFloatProduct : FloatProduct
{
    /// <summary>Rows k of a pass: two panels of B stay in the L2 cache's first part, rows of A in the L1 cache.</summary>
    private const int PassDepth = 768;

    private const int Panel = Tiling.Panel;

    private readonly TileTable tiles = new(FloatTile.MaxRows, (rows, vectors) => new FloatTile(rows, vectors));

    public override void Multiply(
        float* a, int lda, int rows, FloatPanels b, int panels, float* c, int ldc, bool accumulate,
        Activation activation)
    {
        for (int panel = 0; panel < panels; panel += 2)
            for (int first = 0; first < b.Depth; first += PassDepth)
            {
                FloatTileArguments arguments = new()
                {
                    Lda = (nint)lda * sizeof(float),
                    B = b.Values + panel * b.Stride + first * Panel,
                    PanelBytes = (nint)b.Stride * sizeof(float),
                    Depth = Math.Min(PassDepth, b.Depth - first),
                    Output = new()
                    {
                        RowBytes = (nint)ldc * sizeof(float),
                        Accumulate = accumulate || first > 0 ? 1 : 0,
                        Activation = first + PassDepth >= b.Depth ? activation : Activation.Identity,
                    },
                };
                Pass(a + first, lda, rows, Math.Min(2, panels - panel), c + panel * Panel, ldc, &arguments);
            }
    }

    private void Pass(float* a, int lda, int rows, int vectors, float* c, int ldc, FloatTileArguments* arguments)
    {
        for (int row = 0, left = Tiling.TileCount(rows, FloatTile.MaxRows); row < rows; left--)
        {
            int tileRows = Tiling.TileRows(rows - row, left);
            arguments->A = a + (long)row * lda;
            arguments->Output.C = c + (long)row * ldc;
            ((delegate* unmanaged[SuppressGCTransition]<FloatTileArguments*, void>)tiles[tileRows, vectors])(arguments);
            row += tileRows;
        }
    }
}
