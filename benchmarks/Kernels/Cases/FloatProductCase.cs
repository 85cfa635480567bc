using GauRuntime.Encoder;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Kernels.Cases;

/// <summary>A dense layer in single precision.</summary>
internal sealed unsafe class FloatProductCase(string tier, Product product)
    : KernelCase(Section.Float, tier, product.Name, product.Shape)
{
    private float* a;   // [M, K]
    private float* w;   // [layers, N / 16, K, 16]
    private float* c;   // [chunk, N], skewed as the encoder's rows are
    private int layer;

    internal override double Work => product.Operations;

    internal override void Prepare()
    {
        (long m, long n, long k) = (product.M, product.N, product.K);
        a = Floats(m * k, -1, 1);
        w = Floats(n * k, -1, 1, Product.Layers);
        c = Zeros<float>(Chunk * (n + BatchLayout.RowSkew));
    }

    internal override void Run()
    {
        (int n, int k) = (product.N, product.K);
        FloatPanels panels = new(w + (long)layer * n * k, (long)k * Tiling.Panel, k);
        for (int row = 0; row < product.M; row += Chunk)
            Kernels.Multiply(
                a + (long)row * k, k, Chunk, panels, n / Tiling.Panel, c, n + BatchLayout.RowSkew, null,
                product.Activation);
        layer = (layer + 1) % Product.Layers;
    }

    private protected override double MeasurePeak() => PeakProbe.MeasureF32(Tier);
}
