using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Encoder;

// From attention to the next x.
internal sealed unsafe partial class PassWorker
{
    /// <summary>A v, or u ∘ A v, on its way into <paramref name="next"/>.</summary>
    /// <param name="layer">Whose q, k and v.</param>
    /// <param name="next">What takes it.</param>
    /// <param name="gated">Whether there is u.</param>
    public void Attend(Layer layer, Dense next, bool gated)
    {
        int headColumns = workspace.ContextStride / workspace.Model.Config.HeadCount;
        Attention attention = workspace.Attention;
        DenseInput o = Open(next);
        Columns columns = Share(workspace.ContextStride).Next(workspace.ContextStride, DenseInput.Unit(next));
        foreach (ChunkPart tile in new ChunkParts(batch, chunk, attention.QueryTile, few))
        {
            int n = batch.Length(tile.Text), row = chunk.FirstToken + tile.Offset, weighed = -1;
            for (int stripe = columns.From; stripe < columns.To; stripe += StripeColumns)
            {
                int end = Math.Min(stripe + StripeColumns, columns.To);
                for (int column = stripe, to; column < end; column = to)
                {
                    int head = column / headColumns;
                    to = Math.Min(end, (head + 1) * headColumns);
                    if (head != weighed)
                        attention.Weigh(layer.Parity, tile, row, n, head, own.Attention);
                    weighed = head;
                    // Whoever has a head's first columns hands out its weights.
                    if (column == head * headColumns)
                        workspace.Maps?.Take(layer.Index, head, tile, attention, own.Attention);
                    float* product = o.Stripe(tile.Offset, stripe) + (column - stripe);
                    attention.Multiply(
                        layer.Parity, tile, n, column, to - column, own.Attention, product, o.Stride);
                    Kernels.Gate(
                        product, o.Stride, gated ? Gate(row, column) : null, workspace.GateStride,
                        own.Attention.Factors, tile.Rows, to - column);
                }
                o.Close(tile.Offset, tile.Rows, stripe, end - stripe);
            }
        }
    }

    /// <summary>act(x W + b), on its way into <paramref name="next"/>.</summary>
    public void Expand(Dense dense, Dense next, Activation act)
    {
        DenseInput f = Open(next);
        KernelActivation into = KernelActivation.Into(act, next.Weights.Type);
        int e = dense.Weights.Columns;
        Columns columns = Share(e).Next(e, DenseInput.Unit(next));
        for (int stripe = columns.From; stripe < columns.To; stripe += StripeColumns)
        {
            int count = Math.Min(StripeColumns, columns.To - stripe);
            own.Input.Multiply(dense, stripe, count, chunk.Rows, f.Stripe(0, stripe), f.Stride, into);
            f.Close(0, chunk.Rows, stripe, count);
        }
    }

    /// <summary>
    /// x ← norm(x + f W + b), f being what <see cref="Attend"/> or <see cref="Expand"/> has left, on its way into
    /// <paramref name="next"/> unless that is null.
    /// </summary>
    public void AddNorm(Dense dense, Norm norm, Dense? next)
    {
        int h = workspace.HiddenStride, stride = h + BatchLayout.RowSkew;
        float* residual = common.Residual(stride);
        Columns columns = Share(h).Next(h);
        Barrier();
        own.Context.Multiply(
            dense, columns.From, columns.Count, chunk.Rows, residual + columns.From, stride, Activation.Identity);
        Barrier();
        float* x = workspace.X + (long)chunk.FirstToken * h;
        bool follows = next is not null && workers == 1;
        if (follows)
            own.Input.Open(next!, x, h, chunk.Rows);
        (int first, int count) = Rows();
        for (int row = first; row < first + count; row += NormRows)
        {
            int rows = Math.Min(NormRows, first + count - row);
            norm.Add(Kernels, x + (long)row * h, h, residual + (long)row * stride, stride, rows);
            if (follows)
                own.Input.Close(row, rows, 0, h);
        }
        if (next is not null && !follows)
            Load(next);
    }

    private DenseInput Open(Dense next)
    {
        own.Context.Open(next, chunk.Rows, common.Context);
        return own.Context;
    }
}
