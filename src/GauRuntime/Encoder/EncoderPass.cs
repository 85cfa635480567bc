using GauRuntime.Threads;

namespace GauRuntime.Encoder;

/// <summary>
/// A forward pass as work of a pool: chunks of rows, and a barrier where a layer needs the keys of all.
/// </summary>
/// <remarks>
/// From attention to the next layer's q, k and v every step stays within its rows, so a layer has one barrier. Which
/// worker takes a chunk changes nothing. Of a batch of few rows all take the one chunk, and share the columns of its
/// products: by rows most of them would have nothing to do, and each would read all weights.
/// </remarks>
internal sealed class EncoderPass(GauWorkspace workspace) : PoolWork
{
    private readonly int[] taken = new int[workspace.Model.Config.LayerCount + 1];   // chunks per phase
    private readonly PassWorker[] workers =
        [.. Enumerable.Range(0, workspace.Scratch.Length).Select(i => new PassWorker(workspace, i))];

    private GauBatch batch = null!;
    private Action<int>? afterLayer;
    private bool shared;

    /// <summary>Computes the batch that the workspace was prepared for.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="afterLayer">Called when a layer is done, or null; only without a pool.</param>
    public void Run(GauBatch batch, Action<int>? afterLayer)
    {
        this.batch = batch;
        this.afterLayer = afterLayer;
        Array.Clear(taken);
        shared = workspace.Layout.SharesColumns
            || (workspace.Pool is not null && workspace.Layout.ChunkCount > 1);   // others would only wait
        if (shared)
            workspace.Pool!.Run(this);
        else
            Execute(0);
    }

    public override void Execute(int worker)
    {
        GauModel model = workspace.Model;
        BatchLayout layout = workspace.Layout;
        PassWorker self = workers[worker];
        for (int layer = 0; layer <= model.Layers.Length; layer++)
        {
            if (layout.SharesColumns)
            {
                self.Take(batch, layout.Chunks[0], workers.Length);
                GauEncoder.Step(model, self, layer);
            }
            else
            {
                for (int chunk = Take(layer); chunk < layout.ChunkCount; chunk = Take(layer))
                {
                    self.Take(batch, layout.Chunks[chunk], 1);
                    GauEncoder.Step(model, self, layer);
                }
            }
            if (shared && layer < model.Layers.Length)
                workspace.Pool!.Barrier();
            afterLayer?.Invoke(layer);
        }
    }

    private int Take(int layer) => Interlocked.Increment(ref taken[layer]) - 1;
}
