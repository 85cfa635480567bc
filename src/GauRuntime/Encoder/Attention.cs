using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Encoder;

/// <summary>
/// q, k and v of a batch, and O = normalize(factor · q kᵀ) v, some queries of a text at a time against all its keys.
/// </summary>
/// <remarks>
/// k and v exist twice, by the parity of their layer: a worker may store those of the next layer while another still
/// reads those of this one. Memory is linear in the tokens. Different workers may call at once, for different rows.
/// </remarks>
internal abstract unsafe class Attention : IDisposable
{
    private protected const int Panel = AxisLayout.Unit;

    private protected Attention(GauModel model, int keyWidth, int valueWidth)
    {
        ModelConfig config = model.Config;
        (Kernels, ValueKernels) = (model.Kernels.For(PassStep.Scores), model.Kernels.For(PassStep.Values));
        Config = config;
        (Heads, KeyWidth, ValueWidth) = (config.HeadCount, keyWidth, valueWidth);
    }

    /// <summary>Bytes of all buffers.</summary>
    public abstract long Bytes { get; }

    /// <summary>
    /// What <see cref="Bytes"/> is at most after batches of so many tokens, and keys in whole blocks.
    /// </summary>
    public abstract long BytesFor(long tokens, long keys);

    /// <summary>The same of a worker's scores and weights, after texts of so many tokens.</summary>
    public abstract long ScratchBytesFor(long tokens);

    /// <summary>Most queries of a tile.</summary>
    public abstract int QueryTile { get; }

    private protected KernelSet Kernels { get; }

    private protected KernelSet ValueKernels { get; }   // for A v

    private protected ModelConfig Config { get; }

    private protected int Heads { get; }

    private protected int KeyWidth { get; }   // of q and k per head, padded

    private protected int ValueWidth { get; }   // of v, all heads

    private protected BatchLayout Layout { get; private set; } = null!;

    private protected int Tokens { get; private set; }

    /// <summary>Floats or int8, as the model says.</summary>
    public static Attention Create(GauModel model, int keyWidth, int valueWidth) =>
        model.Config.Attention == AttentionType.Int8
            ? new Int8Attention(model, keyWidth, valueWidth)
            : new FloatAttention(model, keyWidth, valueWidth);

    /// <summary>Makes room for batches of so many tokens, and keys in whole blocks.</summary>
    public abstract void Reserve(long tokens, long keys);

    /// <summary>Takes a batch, for which there is room.</summary>
    public void Begin(BatchLayout layout, int tokens) => (Layout, Tokens) = (layout, tokens);

    /// <summary>Takes the queries of some tokens, turned by RoPE where there is RoPE.</summary>
    /// <param name="firstToken">The first in the batch, or its place among <see cref="LastRows"/>.</param>
    /// <param name="rows">Tokens.</param>
    /// <param name="head">The head.</param>
    /// <param name="q">[rows, ldq], of which the key width counts.</param>
    /// <param name="ldq">Row stride of q.</param>
    public abstract void StoreQueries(int firstToken, int rows, int head, float* q, int ldq);

    /// <summary>Takes the keys of some tokens of a text, turned by RoPE where there is RoPE.</summary>
    /// <param name="parity">Of the layer.</param>
    /// <param name="part">The tokens.</param>
    /// <param name="head">The head.</param>
    /// <param name="k">[rows, ldk], of which the key width counts.</param>
    /// <param name="ldk">Row stride of k.</param>
    /// <param name="scratch">The worker's.</param>
    public abstract void StoreKeys(
        int parity, ChunkPart part, int head, float* k, int ldk, AttentionScratch scratch);

    /// <summary>Takes some columns of the values of some tokens of a text.</summary>
    /// <param name="parity">Of the layer.</param>
    /// <param name="part">The tokens.</param>
    /// <param name="firstColumn">The first column, a multiple of 16.</param>
    /// <param name="columns">Columns, a multiple of 16.</param>
    /// <param name="v">[rows, ldv].</param>
    /// <param name="ldv">Row stride of v.</param>
    public abstract void StoreValues(int parity, ChunkPart part, int firstColumn, int columns, float* v, int ldv);

    /// <summary>
    /// Computes the weights A of some queries, up to a factor per query, <see cref="AttentionScratch.Factors"/>.
    /// </summary>
    /// <param name="parity">Of the layer.</param>
    /// <param name="queries">At most <see cref="QueryTile"/> rows of a text.</param>
    /// <param name="firstToken">The first of them, as in <see cref="StoreQueries"/>.</param>
    /// <param name="n">Keys of the text.</param>
    /// <param name="head">The head.</param>
    /// <param name="scratch">Where the weights go.</param>
    public abstract void Weigh(
        int parity, ChunkPart queries, int firstToken, int n, int head, AttentionScratch scratch);

    /// <summary>O = A v for some columns, after <see cref="Weigh"/>.</summary>
    /// <param name="parity">Of the layer.</param>
    /// <param name="queries">As there.</param>
    /// <param name="n">Keys of the text.</param>
    /// <param name="firstColumn">The first column, a multiple of 16.</param>
    /// <param name="columns">Columns, a multiple of 16.</param>
    /// <param name="scratch">Where the weights are.</param>
    /// <param name="o">[rows, ldo].</param>
    /// <param name="ldo">Row stride of o.</param>
    public abstract void Multiply(
        int parity, ChunkPart queries, int n, int firstColumn, int columns, AttentionScratch scratch, float* o,
        int ldo);

    /// <summary>Reads the weights A of a query, after <see cref="Weigh"/>.</summary>
    /// <param name="queries">As there.</param>
    /// <param name="row">The query, of those.</param>
    /// <param name="scratch">Where the weights are.</param>
    /// <param name="weights">[keys of the text].</param>
    public abstract void ReadWeights(ChunkPart queries, int row, AttentionScratch scratch, Span<float> weights);

    public abstract void Dispose();

    /// <summary>
    /// Scale of the scores: 1 / √s with attention_scale, times log(max(l, min_keys)) / log 512 for softmax_plus.
    /// </summary>
    private protected float Factor(int keys)
    {
        double factor = Config.AttentionScale ? 1 / Math.Sqrt(Config.KeySize) : 1;
        if (Config.Normalization == Normalization.SoftmaxPlus)
            factor *= StrictMath.Log(Math.Max(keys, Config.MinKeys)) / StrictMath.Log(512);
        return (float)factor;
    }

    /// <summary>Turns a tile of scores [rows, ld] into weights; n keys of <paramref name="keys"/>.</summary>
    private protected void Normalize(
        float* scores, int ld, int rows, int n, int keys, float factor, AttentionScratch scratch)
    {
        if (Config.Normalization == Normalization.SquaredRelu)
            for (int row = 0; row < rows; row++)
                Kernels.SquaredRelu(scores + (long)row * ld, n, factor, keys);
        else
            for (int row = 0; row < rows; row++)
                Kernels.SoftmaxTile(
                    scores + (long)row * ld, n, factor, ref scratch.Maxima[row], ref scratch.Sums[row]);
    }

    /// <summary>Starts maxima and sums of a tile of queries.</summary>
    private protected static void StartRows(AttentionScratch scratch, int rows)
    {
        new Span<float>(scratch.Maxima, rows).Fill(float.NegativeInfinity);
        new Span<float>(scratch.Sums, rows).Clear();
    }

    /// <summary>What the weights of every query are still to be multiplied with: 1 / sum, or 1.</summary>
    private protected void FinishRows(AttentionScratch scratch, int rows)
    {
        bool relu = Config.Normalization == Normalization.SquaredRelu;
        for (int row = 0; row < rows; row++)
            scratch.Factors[row] = relu ? 1 : 1 / scratch.Sums[row];
    }
}
