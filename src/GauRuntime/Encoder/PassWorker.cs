using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Encoder;

/// <summary>
/// One of those who compute a pass: the steps that layers are made of, for the chunk that it has. Of a chunk of its own
/// it computes all columns, and of a chunk that all work on its share of the columns of every product.
/// </summary>
/// <remarks>
/// A column, or a row of a norm, is computed in one way whoever does it, so the bits are the same. Before a step that
/// reads what others write there is a barrier, where a worker with a chunk of its own waits for nobody.
/// </remarks>
internal sealed unsafe partial class PassWorker(GauWorkspace workspace, int index)
{
    private const int StripeColumns = DenseInput.StripeColumns;

    /// <summary>Rows that are quantized as soon as they are normalized: they stay in the L1 cache.</summary>
    private const int NormRows = 8;

    private readonly ChunkScratch own = workspace.Scratch[index];
    private ChunkScratch common = workspace.Scratch[index];   // of those who share a chunk
    private GauBatch batch = null!;
    private Chunk chunk;
    private LastRows? few;   // where the chunk's rows are some of the batch's
    private int place, workers = 1;   // among those who share a chunk

    private KernelSet Kernels => workspace.Model.Kernels;

    /// <summary>Takes a chunk.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="chunk">Some of its rows.</param>
    /// <param name="workers">How many work on it.</param>
    /// <param name="few">Where these rows are some of the batch's, for the last layer; else null.</param>
    public void Take(GauBatch batch, Chunk chunk, int workers, LastRows? few)
    {
        (this.batch, this.chunk, this.workers, this.few) = (batch, chunk, workers, few);
        place = workers > 1 ? index : 0;
        common = workers > 1 ? workspace.Scratch[0] : own;
    }

    /// <summary>Makes room for what those who share a chunk write together, so that none of them has to.</summary>
    public static void Reserve(GauWorkspace workspace, int rows)
    {
        ChunkScratch common = workspace.Scratch[0];
        common.Residual(workspace.HiddenStride + BatchLayout.RowSkew);
        foreach (Layer layer in workspace.Model.Layers)
            foreach (Dense dense in layer.Products)
                common.Context.Open(dense, rows, common.Context);
    }

    /// <summary>Its share of products of so many columns together.</summary>
    public ColumnShare Share(int columns) => new(columns, place, workers);

    /// <summary>
    /// x = norm(E[id] + T[segment] + P[position]), or where the embeddings have a width of their own this times W + b;
    /// on its way into <paramref name="next"/>.
    /// </summary>
    public void Embed(Dense next)
    {
        GauModel model = workspace.Model;
        (int first, int count) = Rows();   // none, where those who share the chunk are more than its rows
        int token = chunk.FirstToken + first, h = workspace.HiddenStride;
        float* x = workspace.X + (long)token * h;
        if (model.EmbeddingProjection is Dense projection)
        {
            int width = AxisLayout.Pad(model.Config.EmbeddingWidth);
            float* rows = own.Projected(width);
            Embedding.Lookup(model, batch, token, count, rows, width);
            own.Context.Load(projection, rows, width, count);
            own.Context.Multiply(projection, 0, h, count, x, h, Activation.Identity);
        }
        else
        {
            Embedding.Lookup(model, batch, token, count, x, h);
        }
        Load(next);
    }

    /// <summary>x, as soon as all rows are there, on its way into a product.</summary>
    public void Load(Dense next)
    {
        Barrier();
        int h = workspace.HiddenStride;
        own.Input.Load(next, workspace.X + (long)chunk.FirstToken * h, h, chunk.Rows);
    }

    /// <summary>Waits until all who share the chunk are here.</summary>
    public void Barrier()
    {
        if (workers > 1)
            workspace.Pool!.Barrier();
    }

    /// <summary>Some columns of act(x W + b), where W has them from <paramref name="offset"/> on.</summary>
    /// <returns>[rows, key stride], of which these columns are there.</returns>
    public float* Multiply(Dense dense, int offset, Columns columns, KernelActivation act)
    {
        int stride = workspace.KeyStride;
        float* y = own.Projected(stride);
        own.Input.Multiply(dense, offset + columns.From, columns.Count, chunk.Rows, y + columns.From, stride, act);
        return y;
    }

    /// <summary>Some columns of u = act(x W + b).</summary>
    public void StoreGate(Dense dense, Columns columns, KernelActivation act)
    {
        float* u = Gate(chunk.FirstToken, columns.From);
        own.Input.Multiply(dense, columns.From, columns.Count, chunk.Rows, u, workspace.GateStride, act);
    }

    /// <summary>Some columns of v = act(x W + b), where W has those of v from <paramref name="offset"/> on.</summary>
    public void StoreValues(Layer layer, Dense dense, int offset, Columns columns, KernelActivation act)
    {
        const int stride = ChunkScratch.StripeStride;
        float* v = own.Stripe;
        bool turns = workspace.Model.Config.RotaryValue;
        int head = 2 * workspace.Half, most = turns ? StripeColumns / head * head : StripeColumns;
        for (int column = columns.From; column < columns.To; column += most)
        {
            int count = Math.Min(most, columns.To - column);
            own.Input.Multiply(dense, offset + column, count, chunk.Rows, v, stride, act);
            for (int turned = 0; turns && turned < count; turned += head)
                Rotate(v + turned, stride, null, null, v + turned, stride);
            foreach (ChunkPart part in new ChunkParts(batch, chunk))
                workspace.Attention.StoreValues(
                    layer.Parity, part, column, count, v + (long)part.Offset * stride, stride);
        }
    }

    /// <summary>q = RoPE(z ∘ γ + β) of the heads that have these columns of z [rows, key stride].</summary>
    public void StoreQueries(float* z, Columns columns, float* gamma, float* beta)
    {
        int s = 2 * workspace.Half;
        for (int column = columns.From; column < columns.To; column += s)
        {
            float* q = Turned(z + column, gamma, beta, out int stride);
            workspace.Attention.StoreQueries(chunk.FirstToken, chunk.Rows, column / s, q, stride);
        }
    }

    /// <summary>k = RoPE(z ∘ γ + β) of the heads that have these columns of z [rows, key stride].</summary>
    public void StoreKeys(Layer layer, float* z, Columns columns, float* gamma, float* beta)
    {
        int s = 2 * workspace.Half;
        for (int column = columns.From; column < columns.To; column += s)
        {
            float* k = Turned(z + column, gamma, beta, out int stride);
            foreach (ChunkPart part in new ChunkParts(batch, chunk))
                workspace.Attention.StoreKeys(
                    layer.Parity, part, column / s, k + (long)part.Offset * stride, stride, own.Attention);
        }
    }

    /// <summary>RoPE(z ∘ γ + β) of a head [rows, stride]; z itself where positions are learned.</summary>
    private float* Turned(float* z, float* gamma, float* beta, out int stride)
    {
        stride = workspace.KeyStride;
        if (workspace.Rotary is null)
            return z;
        int s = 2 * workspace.Half;
        float* turned = own.Rotated(s);
        Rotate(z, stride, gamma, beta, turned, s);
        stride = s;
        return turned;
    }

    /// <summary>y = RoPE(x ∘ γ + β) of a head, [rows, ldx] and [rows, ldy]; y may be x.</summary>
    private void Rotate(float* x, int ldx, float* gamma, float* beta, float* y, int ldy)
    {
        RotaryTable rotary = workspace.Rotary!;
        ReadOnlySpan<int> positions = batch.Positions;
        for (int i = 0; i < chunk.Rows; i++)
        {
            int row = chunk.FirstToken + i, position = positions[few is null ? row : few.Token(row)];
            Kernels.Rotate(
                x + (long)i * ldx, gamma, beta, rotary.Cos(position), rotary.Sin(position), y + (long)i * ldy,
                workspace.Half);
        }
    }

    private float* Gate(int row, int column) => workspace.U + (long)row * workspace.GateStride + column;

    /// <summary>The rows of the chunk that are its own in a norm.</summary>
    private (int First, int Count) Rows()
    {
        int first = chunk.Rows * place / workers;
        return (first, chunk.Rows * (place + 1) / workers - first);
    }
}
