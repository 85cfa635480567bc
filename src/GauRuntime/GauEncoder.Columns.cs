using GauRuntime.Encoder;
using GauRuntime.Kernels;
using GauRuntime.Threads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime;

// A pass over few rows: the workers of a pool share the columns of every matrix. By rows most of them would have nothing
// to do, and each would read all weights. Every column is computed as it is in a pass by rows, so the bits are the same.
public static unsafe partial class GauEncoder
{
    /// <summary>What columns are shared out by: pairs of panels, as the tiles of products take them.</summary>
    private const int ColumnUnit = 2 * AxisLayout.Unit;

    /// <summary>One worker's share of the pass. All rows are in the first chunk.</summary>
    internal static void ShareColumns(GauWorkspace workspace, GauBatch batch, int worker)
    {
        GauModel model = workspace.Model;
        WorkerPool pool = workspace.Pool!;
        Chunk chunk = workspace.Layout.Chunks[0];
        int first = chunk.Rows * worker / pool.Threads, rows = chunk.Rows * (worker + 1) / pool.Threads - first;
        int h = workspace.HiddenStride, stride = h + BatchLayout.RowSkew;
        Embedding.Lookup(model, batch, first, rows, workspace.X, h);
        for (int layer = 0; layer < model.Config.LayerCount; layer++)
        {
            GauLayer gau = model.GauLayers[layer];
            pool.Barrier();
            ProjectColumns(workspace, batch, chunk, layer, gau, worker);
            pool.Barrier();
            AttendColumns(workspace, batch, chunk, layer, gau, worker);
            pool.Barrier();
            float* residual = workspace.Scratch[0].Residual(stride);
            (int from, int to) = Share(h, ColumnUnit, worker, pool.Threads);
            if (from < to)
                workspace.Scratch[worker].Context.Multiply(
                    gau.ODense, from, to - from, chunk.Rows, residual + from, stride, Activation.Identity);
            pool.Barrier();
            model.Kernels.AddNorm(
                workspace.X + (long)first * h, h, residual + (long)first * stride, stride, rows,
                model.Config.HiddenSize, (float)model.Config.Eps);
        }
    }

    /// <summary>Some columns of u and v; z, q and k are all worker 0's.</summary>
    private static void ProjectColumns(
        GauWorkspace workspace, GauBatch batch, Chunk chunk, int layer, GauLayer gau, int worker)
    {
        Activation act = workspace.Model.Config.HiddenAct;
        int h = workspace.HiddenStride, e = workspace.ContextStride, s = workspace.KeyStride;
        ChunkScratch scratch = workspace.Scratch[worker];
        scratch.Input.Load(gau.IDense, workspace.X, h, chunk.Rows);
        if (worker == 0)
        {
            // What all will write into in the next steps.
            scratch.Context.Open(gau.ODense, chunk.Rows, StripeColumns);
            scratch.Residual(h + BatchLayout.RowSkew);
            ProjectKeys(workspace, batch, chunk, layer, gau, scratch);
        }
        // z counts as the first columns of all, so worker 0 takes fewer of the others.
        (int from, int to) = Share(s + 2 * e, ColumnUnit, worker, workspace.Pool!.Threads);
        from = Math.Max(0, from - s);
        to = Math.Max(0, to - s);
        if (from < Math.Min(to, e))
            scratch.Input.Multiply(
                gau.IDense, from, Math.Min(to, e) - from, chunk.Rows, workspace.U + from, workspace.GateStride, act);
        StoreValues(
            workspace, batch, chunk, layer, gau.IDense, e, Math.Max(0, from - e), Math.Max(0, to - e), act, scratch);
    }

    /// <summary>Some columns of u ∘ A v; every worker computes A.</summary>
    private static void AttendColumns(
        GauWorkspace workspace, GauBatch batch, Chunk chunk, int layer, GauLayer gau, int worker)
    {
        ChunkScratch scratch = workspace.Scratch[worker];
        if (worker > 0) scratch.Context.Join(workspace.Scratch[0].Context, chunk.Rows);
        PackedMatrix weights = gau.ODense.Weights;
        int unit = weights.Type == WeightType.Int8 ? weights.Block : AxisLayout.Unit;
        (int from, int to) = Share(workspace.ContextStride, unit, worker, workspace.Pool!.Threads);
        AttentionMaps? maps = worker == 0 ? workspace.Maps : null;
        if (from < to || maps is not null) Attend(workspace, batch, chunk, layer, from, to, maps, scratch);
    }

    /// <summary>A worker's part of some columns, in whole units.</summary>
    private static (int From, int To) Share(int columns, int unit, int worker, int workers)
    {
        long units = (columns + unit - 1) / unit;
        return (Start(worker), Start(worker + 1));

        int Start(int w) => (int)Math.Min(columns, units * w / workers * unit);
    }
}
