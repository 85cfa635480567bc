using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels.Assembled;

/// <summary>The float product by assembled tiles: 512-bit fused multiply-adds.</summary>
internal sealed unsafe class AssembledFloatProduct : FloatProduct
{
    private const int Panel = Tiling.Panel;

    private readonly TileTable tiles = new();

    public override void Multiply(
        float* a, int lda, int rows, FloatPanels b, int panels, float* c, int ldc, bool accumulate,
        Activation activation)
    {
        FloatTileArguments arguments = new()
        {
            Lda = (nint)lda * sizeof(float),
            PanelBytes = (nint)b.Stride * sizeof(float),
            Depth = b.Depth,
            RowBytes = (nint)ldc * sizeof(float),
        };
        for (int panel = 0; panel < panels; panel += 2)
        {
            int vectors = Math.Min(2, panels - panel);
            arguments.B = b.Values + panel * b.Stride;
            for (int row = 0, left = Tiling.TileCount(rows, FloatTile.MaxRows); row < rows; left--)
            {
                int tileRows = Tiling.TileRows(rows - row, left);
                arguments.A = a + (long)row * lda;
                arguments.C = c + (long)row * ldc + panel * Panel;
                tiles.Float(tileRows, vectors, accumulate, activation)(&arguments);
                row += tileRows;
            }
        }
    }
}
