using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels;

/// <summary>The kernels of one tier. Every tier gives the same bits.</summary>
/// <remarks>
/// Rows of every float buffer are padded with zeros to a multiple of 16. Thread-safe: kernels keep no state but a
/// thread's own. Nothing here allocates. An activation that is none of those named throws
/// <see cref="ArgumentOutOfRangeException"/>.
/// </remarks>
internal abstract unsafe class KernelSet
{
    /// <summary>What is added to quantized activations for a product with sums: 128, or 0.</summary>
    public abstract int Shift { get; }

    /// <summary>Makes what the products with int8 blocks of a size need, which their first would wait for.</summary>
    /// <exception cref="InsufficientMemoryException">The system has no more executable memory.</exception>
    public virtual void Prepare(int block)
    {
    }

    /// <summary>
    /// This thread computes a pass until <see cref="End"/>: what its products set up may stay. Without it each sets up
    /// its own.
    /// </summary>
    public virtual void Begin()
    {
    }

    /// <summary>The pass of this thread is over: its processor is left as it was.</summary>
    public virtual void End()
    {
    }

    /// <summary>These kernels, for products of a step; only who tells steps apart has others.</summary>
    public virtual KernelSet For(PassStep product) => this;

    /// <summary>
    /// C = act(A B + bias) in single precision; every output is one chain of fused multiply-adds over ascending k, and
    /// then an addition.
    /// </summary>
    /// <param name="a">[rows, lda], of which the first b.Depth columns are used.</param>
    /// <param name="lda">Row stride of A in floats.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="b">B.</param>
    /// <param name="panels">Panels of B.</param>
    /// <param name="c">[rows, ldc], 16·panels columns are written.</param>
    /// <param name="ldc">Row stride of C in floats.</param>
    /// <param name="bias">[16·panels], or null: nothing is added.</param>
    /// <param name="activation">act: identity, swish, relu, gelu or its tanh form.</param>
    public abstract void Multiply(
        float* a, int lda, int rows, FloatPanels b, int panels, float* c, int ldc, float* bias,
        KernelActivation activation);

    /// <summary>
    /// C = act(A B + bias) with int8 blocks: per block of k an exact integer sum, then fma(sum, scaleA · scaleB, c);
    /// after the last block an addition.
    /// </summary>
    /// <param name="a">A.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="b">B.</param>
    /// <param name="panels">Panels of B.</param>
    /// <param name="c">[rows, ldc], 16·panels columns are written.</param>
    /// <param name="ldc">Row stride of C in floats.</param>
    /// <param name="bias">[16·panels], or null: nothing is added.</param>
    /// <param name="activation">act: identity, swish, relu, gelu or its tanh form.</param>
    public abstract void MultiplyInt8(
        Int8Rows a, int rows, Int8Panels b, int panels, float* c, int ldc, float* bias, KernelActivation activation);

    /// <summary>
    /// Symmetric quantization per row and block: scale = max|x| / 127, q = round-half-even(x · 127 / max|x|) + shift.
    /// </summary>
    /// <remarks>A block that holds NaN or infinity gets the scale NaN, so that every product with it is NaN.</remarks>
    /// <param name="x">[rows, ldx].</param>
    /// <param name="ldx">Row stride of x in floats.</param>
    /// <param name="width">Columns, a multiple of 16; what the last block has beyond them counts as 0.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="block">Columns per block, a multiple of 16.</param>
    /// <param name="q">Where to: ⌈width / block⌉ blocks per row.</param>
    /// <param name="shift"><see cref="Shift"/>, or 0 for values ≥ 0 and a product without sums.</param>
    public abstract void Quantize(float* x, int ldx, int width, int rows, int block, Int8Rows q, int shift);

    /// <summary>
    /// Quantizes per column and block of rows, as <see cref="Quantize"/> does per row: x becomes the panels of a
    /// matrix whose k are the rows.
    /// </summary>
    /// <param name="x">[rows, ldx].</param>
    /// <param name="ldx">Row stride of x in floats.</param>
    /// <param name="rows">Rows; what the last block has beyond them is 0.</param>
    /// <param name="panels">Panels of 16 columns.</param>
    /// <param name="q">Where to: ⌈rows / block⌉ blocks of every panel.</param>
    public abstract void QuantizeColumns(float* x, int ldx, int rows, int panels, Int8Panels q);

    /// <summary>x ← act(x).</summary>
    /// <param name="activation">Identity, swish, relu, gelu or its tanh form.</param>
    /// <param name="x">[count], a multiple of 16.</param>
    /// <param name="count">Elements.</param>
    public abstract void Activate(KernelActivation activation, float* x, int count);

    /// <summary>
    /// Every row x ← (x + y) / sqrt(mean((x + y)²) + eps); NaN where the sum of squares is not finite.
    /// </summary>
    /// <param name="x">[rows, ldx].</param>
    /// <param name="ldx">Row stride of x in floats, and number of columns.</param>
    /// <param name="y">[rows, ldy], or null: 0.</param>
    /// <param name="ldy">Row stride of y in floats.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="size">h, the number of real columns that the mean is over.</param>
    /// <param name="eps">Added to the mean of squares.</param>
    public abstract void AddNorm(float* x, int ldx, float* y, int ldy, int rows, int size, float eps);

    /// <summary>
    /// Every row x ← LN(x + y) ∘ γ + β with LN(z) = (z − mean z) / sqrt(mean((z − mean z)²) + eps); NaN where a sum is
    /// not finite.
    /// </summary>
    /// <remarks>Columns from size on are padding and hold zeros, before and after.</remarks>
    /// <param name="x">[rows, ldx], of which size columns, rounded up to 16, are read and written.</param>
    /// <param name="ldx">Row stride of x in floats.</param>
    /// <param name="y">[rows, ldy], or null: 0.</param>
    /// <param name="ldy">Row stride of y in floats.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="size">h, the number of real columns that the means are over.</param>
    /// <param name="eps">Added to the mean of squares.</param>
    /// <param name="gamma">[size rounded up to 16].</param>
    /// <param name="beta">[size rounded up to 16].</param>
    public abstract void AddLayerNorm(
        float* x, int ldx, float* y, int ldy, int rows, int size, float eps, float* gamma, float* beta);

    /// <summary>Every row o ← (o · scale) ∘ u.</summary>
    /// <param name="o">[rows, ldo].</param>
    /// <param name="ldo">Row stride of o in floats.</param>
    /// <param name="u">[rows, ldu], or null: 1.</param>
    /// <param name="ldu">Row stride of u in floats.</param>
    /// <param name="scales">[rows].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Columns, a multiple of 16.</param>
    public abstract void Gate(float* o, int ldo, float* u, int ldu, float* scales, int rows, int width);

    /// <summary>
    /// One row's step of a softmax over tiles of keys: row ← exp(row · factor − max) over the first n columns, 0 in the
    /// padding; max and sum are brought up to date. A score that is not finite makes the sum NaN.
    /// </summary>
    /// <param name="row">[n rounded up to 16].</param>
    /// <param name="n">Keys of the tile, at least 1.</param>
    /// <param name="factor">Scale of the scores, at least 0.</param>
    /// <param name="max">Largest scaled score so far; −∞ before the first tile.</param>
    /// <param name="sum">Σ exp(score − max) so far; 0 before the first tile.</param>
    public abstract void SoftmaxTile(float* row, int n, float factor, ref float max, ref float sum);

    /// <summary>row ← relu(row · factor)² / keys over the first n columns, 0 in the padding.</summary>
    /// <param name="row">[n rounded up to 16].</param>
    /// <param name="n">Keys of the tile, at least 1.</param>
    /// <param name="factor">Scale of the scores.</param>
    /// <param name="keys">Keys of the text.</param>
    public abstract void SquaredRelu(float* row, int n, float factor, int keys);

    /// <summary>exp x of each, 0 below −87: what <see cref="SoftmaxTile"/> uses.</summary>
    /// <param name="x">[count], a multiple of 16.</param>
    /// <param name="count">Elements.</param>
    public abstract void Exp(float* x, int count);

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
