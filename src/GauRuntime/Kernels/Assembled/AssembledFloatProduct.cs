using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels.Assembled;

/// <summary>The float product by assembled tiles: 512-bit fused multiply-adds.</summary>
internal sealed unsafe class AssembledFloatProduct(AssembledActivation activations) : FloatProduct
{
    /// <summary>Rows k of a pass: two panels of B and their successors stay in the L2 cache.</summary>
    private const int PassDepth = 768;

    private const int Panel = Tiling.Panel;

    private readonly TileTable tiles = new(FloatTile.MaxRows, (rows, vectors) => new FloatTile(rows, vectors));

    public override void Multiply(
        float* a, int lda, int rows, FloatPanels b, int panels, float* c, int ldc, bool accumulate,
        Activation activation)
    {
        for (int panel = 0; panel < panels; panel += 2)
        {
            int vectors = Math.Min(2, panels - panel);
            float* stripe = c + panel * Panel;
            for (int first = 0; first < b.Depth; first += PassDepth)
            {
                int depth = Math.Min(PassDepth, b.Depth - first);
                float* values = b.Values + panel * b.Stride + (long)first * Panel;
                FloatTileArguments arguments = new()
                {
                    A = a + first,
                    Lda = (nint)lda * sizeof(float),
                    B = values,
                    PanelBytes = (nint)b.Stride * sizeof(float),
                    Depth = depth,
                    Prefetch = first + depth < b.Depth ? values + (long)depth * Panel : values + 2 * b.Stride,
                    Output = new()
                    {
                        C = stripe,
                        RowBytes = (nint)ldc * sizeof(float),
                        Accumulate = accumulate || first > 0 ? 1 : 0,
                    },
                };
                Pass(rows, vectors, &arguments);
            }
            activations.Apply(activation, stripe, ldc, rows, vectors);
        }
    }

    /// <summary>Cuts the rows into tiles of at most two sizes.</summary>
    private void Pass(int rows, int vectors, FloatTileArguments* arguments)
    {
        int count = Tiling.TileCount(rows, FloatTile.MaxRows), size = rows / count, larger = rows % count;
        Run(size + 1, larger);
        Run(size, count - larger);

        void Run(int tileRows, int times)
        {
            if (times == 0) return;
            arguments->Output.Tiles = times;
            ((delegate* unmanaged[SuppressGCTransition]<FloatTileArguments*, void>)tiles[tileRows, vectors])(arguments);
        }
    }
}
