using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Kernels.Cases;

/// <summary>All that is measured, with the shapes of GAU-α base.</summary>
internal static unsafe class KernelCases
{
    private const int Rows = KernelCase.Chunk, Hidden = 768, Stripe = Encoder.DenseInput.StripeColumns, Block = 64;

    private static readonly int[] Keys = [128, 512, 2048];

    /// <summary>The cases of a tier.</summary>
    public static IEnumerable<KernelCase> Of(string tier) =>
    [
        .. Product.All.Select(product => new FloatProductCase(tier, product)),
        .. StorageScheme.Blocks.SelectMany(
            block => Product.All.Select(product => new Int8ProductCase(tier, product, block))),
        .. Keys.Select(n => new ScoresCase(tier, n)),
        .. Keys.Select(n => new ContextCase(tier, n)),
        .. Elementwise(tier),
    ];

    private static IEnumerable<ElementwiseCase> Elementwise(string tier) =>
    [
        new(tier, "Quantize", "[128, 768], blocks of 64", Hidden, 4 + 1, (kernels, b) =>
            kernels.Quantize(b.X, Hidden, Hidden, Rows, Block, b.Rows, kernels.Shift)),
        new(tier, "QuantizeColumns", $"[128, {Stripe}], blocks of 64", Stripe, 4 + 1, (kernels, b) =>
            kernels.QuantizeColumns(b.X, Stripe, Rows, Stripe / Tiling.Panel, Columns(b.Rows))),
        new(tier, "Activate (swish)", $"[128, {Stripe}]", Stripe, 4 + 4, (kernels, b) =>
            kernels.Activate(Activation.Swish, b.X, Rows * Stripe)),
        new(tier, "Activate (gelu)", $"[128, {Stripe}]", Stripe, 4 + 4, (kernels, b) =>
            kernels.Activate(Activation.Gelu, b.X, Rows * Stripe)),
        new(tier, "Activate (gelu_tanh)", $"[128, {Stripe}]", Stripe, 4 + 4, (kernels, b) =>
            kernels.Activate(Activation.GeluTanh, b.X, Rows * Stripe)),
        new(tier, "AddNorm", "[128, 768]", Hidden, 4 + 4 + 4, (kernels, b) =>
            kernels.AddNorm(b.X, Hidden, b.Ones, Hidden, Rows, Hidden, 1e-12f)),
        new(tier, "AddLayerNorm", "[128, 768]", Hidden, 4 + 4 + 4, (kernels, b) =>
            kernels.AddLayerNorm(b.X, Hidden, b.Ones, Hidden, Rows, Hidden, 1e-12f, b.Ones, b.Ones)),
        new(tier, "SoftmaxTile", "[128, 512]", 512, 4 + 4, (kernels, b) => Softmax(kernels, b.X, 512)),
        new(tier, "Gate", $"[128, {Stripe}]", Stripe, 4 + 4 + 4, (kernels, b) =>
            kernels.Gate(b.X, Stripe, b.Ones, ElementwiseCase.MaxWidth, b.Ones, Rows, Stripe)),
        new(tier, "Rotate", "[128, 2 x 64]", 128, 4 + 4 + 4, (kernels, b) => Rotate(kernels, b, 64)),
    ];

    /// <summary>The bytes of rows as panels.</summary>
    private static Int8Panels Columns(Int8Rows rows) => new(
        (sbyte*)rows.Values, Rows * Tiling.Panel, rows.Scales, Rows / Block * Tiling.Panel, null, 0, Block,
        Rows / Block);

    private static void Softmax(KernelSet kernels, float* x, int keys)
    {
        for (int row = 0; row < Rows; row++)
        {
            float max = float.NegativeInfinity, sum = 0;
            kernels.SoftmaxTile(x + row * keys, keys, 0.1f, ref max, ref sum);
        }
    }

    /// <summary>With γ and without β; cosines and sines of every row are its own.</summary>
    private static void Rotate(KernelSet kernels, ElementwiseCase b, int half)
    {
        for (int row = 0; row < Rows; row++)
        {
            float* angles = b.Ones + row * ElementwiseCase.MaxWidth;
            kernels.Rotate(
                b.X + row * 2 * half, b.Ones, null, angles, angles + half, b.Y + row * 2 * half, half);
        }
    }
}
