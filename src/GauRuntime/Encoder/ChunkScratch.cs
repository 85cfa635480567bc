using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Encoder;

/// <summary>A worker's buffers for one chunk.</summary>
internal sealed unsafe class ChunkScratch(KernelSet kernels) : IDisposable
{
    private readonly NativeBuffer<float> residual = new(), stripe = new(), projected = new(), rotated = new();

    /// <summary>Row stride of <see cref="Stripe"/>.</summary>
    public const int StripeStride = DenseInput.StripeColumns + BatchLayout.RowSkew;

    /// <summary>Bytes of all buffers.</summary>
    public long Bytes =>
        residual.Bytes + stripe.Bytes + projected.Bytes + rotated.Bytes + Input.Bytes + Context.Bytes + Attention.Bytes;

    /// <summary>What <see cref="Bytes"/> is at most, but for the scores and weights of attention.</summary>
    /// <param name="h">Columns of x.</param>
    /// <param name="s">Columns of z, or of q or k of all heads.</param>
    /// <param name="e">Columns of u, v and the inner ones of an FFN.</param>
    public static long BytesFor(int h, int s, int e) =>
        BatchLayout.ChunkRows * sizeof(float) * ((long)h + BatchLayout.RowSkew + StripeStride + 2 * s)
        + 2 * DenseInput.BytesFor(Math.Max(h, Math.Max(s, e)));

    /// <summary>x on its way into the first products of a layer.</summary>
    public DenseInput Input { get; } = new(kernels.For(PassStep.ProductUp));

    /// <summary>u ∘ A v, or act(x W₁), on its way into the last product.</summary>
    public DenseInput Context { get; } = new(kernels.For(PassStep.ProductDown));

    /// <summary>Scores and weights.</summary>
    public AttentionScratch Attention { get; } = new();

    /// <summary>[ChunkRows, stride].</summary>
    public float* Residual(int stride) => residual.Reserve((long)BatchLayout.ChunkRows * stride);

    /// <summary>[ChunkRows, <see cref="StripeStride"/>].</summary>
    public float* Stripe => stripe.Reserve(BatchLayout.ChunkRows * StripeStride);

    /// <summary>z, or q or k of all heads, before RoPE [ChunkRows, width].</summary>
    public float* Projected(int width) => projected.Reserve((long)BatchLayout.ChunkRows * width);

    /// <summary>q or k of one head after RoPE [ChunkRows, s].</summary>
    public float* Rotated(int s) => rotated.Reserve((long)BatchLayout.ChunkRows * s);

    public void Dispose()
    {
        residual.Dispose();
        stripe.Dispose();
        projected.Dispose();
        rotated.Dispose();
        Input.Dispose();
        Context.Dispose();
        Attention.Dispose();
    }
}
