using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels;

/// <summary>The kernels of one tier. Every tier gives the same bits.</summary>
/// <remarks>
/// Rows of every float buffer are padded with zeros to a multiple of 16. Thread-safe: kernels keep no state.
/// Nothing here allocates.
/// </remarks>
internal abstract unsafe class KernelSet
{
    /// <summary>
    /// C = A B in single precision; every output is one chain of fused multiply-adds over ascending k.
    /// </summary>
    /// <param name="a">[rows, lda], of which the first <paramref name="depth"/> columns are used.</param>
    /// <param name="lda">Row stride of A in floats.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="b">Panels of 16 columns: element (k, panel·16 + j) at panel·panelStride + k·ldb + j.</param>
    /// <param name="panelStride">Distance between panels in floats: depth·16 if packed, 16 if B is row-major.</param>
    /// <param name="ldb">Distance between rows of a panel in floats: 16 if packed.</param>
    /// <param name="depth">Length of the sums.</param>
    /// <param name="panels">Panels of B.</param>
    /// <param name="c">[rows, ldc], 16·panels columns are written.</param>
    /// <param name="ldc">Row stride of C in floats.</param>
    public abstract void Multiply(
        float* a, int lda, int rows, float* b, long panelStride, int ldb, int depth, int panels, float* c, int ldc);

    /// <summary>
    /// C = A B with int8 blocks: per block of k an exact integer sum, then fma(sum, scaleA · scaleB, c).
    /// </summary>
    /// <param name="a">[rows, b.Depth], −127…127.</param>
    /// <param name="scales">[rows, b.Blocks], of A.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="b">The weights.</param>
    /// <param name="c">[rows, ldc], b.Columns columns are written.</param>
    /// <param name="ldc">Row stride of C in floats.</param>
    public abstract void MultiplyInt8(sbyte* a, float* scales, int rows, PackedMatrix b, float* c, int ldc);

    /// <summary>
    /// Symmetric quantization per row and block: scale = max|x| / 127, q = round-half-even(x · 127 / max|x|).
    /// </summary>
    /// <remarks>A block that holds NaN or infinity gets the scale NaN, so that every product with it is NaN.</remarks>
    /// <param name="x">[rows, ldx].</param>
    /// <param name="ldx">Row stride of x in floats; what is beyond it in the last block counts as 0.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="block">Columns per block, a multiple of 16.</param>
    /// <param name="blocks">Blocks per row.</param>
    /// <param name="q">[rows, blocks · block].</param>
    /// <param name="scales">[rows, blocks].</param>
    public abstract void Quantize(float* x, int ldx, int rows, int block, int blocks, sbyte* q, float* scales);

    /// <summary>x ← act(x).</summary>
    /// <param name="activation">Swish, relu or identity.</param>
    /// <param name="x">[count], a multiple of 16.</param>
    /// <param name="count">Elements.</param>
    public abstract void Activate(Activation activation, float* x, long count);

    /// <summary>Every row x ← x / sqrt(mean(x²) + eps); NaN where the sum of squares is not finite.</summary>
    /// <param name="x">[rows, ld].</param>
    /// <param name="ld">Row stride in floats.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="size">h, the number of real columns that the mean is over.</param>
    /// <param name="eps">Added to the mean of squares.</param>
    public abstract void Norm(float* x, int ld, int rows, int size, float eps);

    /// <summary>row ← softmax(row · factor) over the first n columns, 0 in the padding.</summary>
    /// <param name="row">[n rounded up to 16].</param>
    /// <param name="n">Keys, at least 1.</param>
    /// <param name="factor">Scale of the scores.</param>
    public abstract void Softmax(float* row, int n, float factor);

    /// <summary>row ← relu(row · factor)² / n over the first n columns, 0 in the padding.</summary>
    /// <param name="row">[n rounded up to 16].</param>
    /// <param name="n">Keys, at least 1.</param>
    /// <param name="factor">Scale of the scores.</param>
    public abstract void SquaredRelu(float* row, int n, float factor);

    /// <summary>
    /// One head's q or k of one token, turned by RoPE: with a = x₀ ∘ γ₀ + β₀ and b = x₁ ∘ γ₁ + β₁ (the even and the odd
    /// features), y₀ = a cos − b sin and y₁ = b cos + a sin.
    /// </summary>
    /// <param name="x">[2, half].</param>
    /// <param name="gamma">[2, half], or null: 1.</param>
    /// <param name="beta">[2, half], or null: 0.</param>
    /// <param name="cos">[half].</param>
    /// <param name="sin">[half].</param>
    /// <param name="y">[2, half].</param>
    /// <param name="half">Padded half of the head's width.</param>
    public abstract void Rotate(float* x, float* gamma, float* beta, float* cos, float* sin, float* y, int half);
}
