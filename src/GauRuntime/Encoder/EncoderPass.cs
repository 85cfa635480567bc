using GauRuntime.Kernels;
using GauRuntime.Threads;

namespace GauRuntime.Encoder;

/// <summary>
/// A forward pass as work of a pool: chunks of rows, and a barrier where a layer needs the keys of all.
/// </summary>
/// <remarks>
/// From attention to the next layer's q, k and v every step stays within its rows, so a layer has one barrier. Which
/// worker takes a chunk changes nothing. Of a batch of few rows all take the one chunk, and share the columns of its
/// products: by rows most of them would have nothing to do, and each would read all weights. Where few of the last
/// hidden states are read, the last layer's keys and values are followed by chunks of these rows alone.
/// </remarks>
internal sealed unsafe class EncoderPass(GauWorkspace workspace) : PoolWork
{
    private readonly int[] taken = new int[workspace.Model.Config.LayerCount + 1];   // chunks per phase
    private readonly PassWorker[] workers =
        [.. Enumerable.Range(0, workspace.Scratch.Length).Select(i => new PassWorker(workspace, i))];

    private GauBatch batch = null!;
    private Action<int>? afterLayer;
    private CancellationToken cancel;
    private int stopAfter;   // the layer after which all workers stop: the first one says so before its barrier
    private bool shared;

    /// <summary>Computes the batch that the workspace was prepared for.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="afterLayer">Called when a layer is done, or null; only without a pool.</param>
    /// <exception cref="OperationCanceledException">
    /// The workspace's token was cancelled. No worker begins another chunk then.
    /// </exception>
    public void Run(GauBatch batch, Action<int>? afterLayer)
    {
        (this.batch, this.afterLayer) = (batch, afterLayer);
        (cancel, stopAfter) = (workspace.CancellationToken, int.MaxValue);
        Array.Clear(taken);
        shared = workspace.Layout.SharesColumns || workspace.Last.SharesColumns
            || (workspace.Pool is not null && workspace.Layout.ChunkCount > 1);   // others would only wait
        if (shared)
            workspace.Pool!.Run(this);
        else
            Execute(0);
        cancel.ThrowIfCancellationRequested();
    }

    public override void Execute(int worker)
    {
        KernelSet kernels = workspace.Model.Kernels;
        kernels.Begin();
        try
        {
            Compute(worker);
        }
        finally
        {
            kernels.End();
        }
    }

    private void Compute(int worker)
    {
        LastRows last = workspace.Last;
        int layers = workspace.Model.Layers.Length;
        for (int layer = 0; layer < layers; layer++)
        {
            Step(workers[worker], layer, null);
            if (worker == 0 && cancel.IsCancellationRequested)
                stopAfter = layer;
            Barrier();
            if (stopAfter <= layer)
                return;
            afterLayer?.Invoke(layer);
        }
        if (last.AreFew)
        {
            if (worker == 0)
                last.Gather(workspace.X, workspace.HiddenStride);
            Barrier();
        }
        Step(workers[worker], layers, last.AreFew ? last : null);
        afterLayer?.Invoke(layers);
    }

    /// <summary>A worker's part of a step over the chunks of all rows, or of few.</summary>
    private void Step(PassWorker self, int layer, LastRows? few)
    {
        BatchLayout all = workspace.Layout;
        if (few?.SharesColumns ?? all.SharesColumns)
        {
            Step(self, layer, few, 0, workers.Length);
            return;
        }
        int chunks = few?.ChunkCount ?? all.ChunkCount;
        for (int chunk = Take(layer); chunk < chunks && !cancel.IsCancellationRequested; chunk = Take(layer))
            Step(self, layer, few, chunk, 1);
    }

    private void Step(PassWorker self, int layer, LastRows? few, int chunk, int sharing)
    {
        self.Take(batch, few?[chunk] ?? workspace.Layout.Chunks[chunk], sharing, few);
        GauEncoder.Step(workspace.Model, self, layer, workspace.Last.AreFew);
    }

    private void Barrier()
    {
        if (shared)
            workspace.Pool!.Barrier();
    }

    private int Take(int layer) => Interlocked.Increment(ref taken[layer]) - 1;
}
