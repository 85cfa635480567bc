using GauRuntime.Threads;

namespace GauRuntime.Encoder;

/// <summary>A forward pass as work of a pool: chunks of rows, and a barrier where a layer needs the keys of all.</summary>
/// <remarks>
/// From attention to the next layer's q, k and v every step stays within its rows, so a layer has one barrier. Which
/// worker takes a chunk changes nothing. Of a batch that is a single chunk, workers share the columns of its matrices.
/// </remarks>
internal sealed class EncoderPass(GauWorkspace workspace) : PoolWork
{
    private readonly int[] taken = new int[workspace.Model.Config.LayerCount + 1];   // chunks per phase
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
        if (shared) workspace.Pool!.Run(this);
        else Execute(0);
    }

    public override void Execute(int worker)
    {
        if (workspace.Layout.SharesColumns)
        {
            GauEncoder.ShareColumns(workspace, batch, worker);
            return;
        }
        ChunkScratch scratch = workspace.Scratch[worker];
        int layers = workspace.Model.Config.LayerCount;
        for (int layer = 0; layer <= layers; layer++)
        {
            for (int next = Take(layer); next < workspace.Layout.ChunkCount; next = Take(layer))
                GauEncoder.Step(workspace, batch, workspace.Layout.Chunks[next], layer, scratch);
            if (shared && layer < layers) workspace.Pool!.Barrier();
            afterLayer?.Invoke(layer);
        }
    }

    private int Take(int layer) => Interlocked.Increment(ref taken[layer]) - 1;
}
