using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels.Assembled;

/// <summary>The float product by assembled tiles: 512-bit fused multiply-adds.</summary>
internal sealed unsafe class AssembledFloatProduct(AssembledActivation activations) : FloatProduct
{
    /// <summary>Rows k of a pass: two panels of B and the next two stay in the L2 cache.</summary>
    private const int PassDepth = 768;

    private const int Panel = Tiling.Panel;

    private readonly TileTable tiles = new(FloatTile.MaxRows, (rows, vectors) => new FloatTile(rows, vectors));

    public override void Multiply(
        float* a, int lda, int rows, FloatPanels b, int panels, float* c, int ldc, float* bias,
        KernelActivation activation)
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
                        Accumulate = first > 0 ? 1 : 0,
                    },
                };
                tiles.Run(&arguments.Output, rows, vectors);
            }
            activations.Apply(
                activation, stripe, ldc, rows, vectors, bias == null ? null : bias + panel * Panel);
        }
    }
}
