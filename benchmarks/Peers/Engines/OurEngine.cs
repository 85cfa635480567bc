using GauRuntime.Threads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Peers.Engines;

/// <summary>This runtime; the only file of the program that calls its forward pass.</summary>
internal sealed class OurEngine : IEngine
{
    private readonly GauModel model;
    private readonly WorkerPool pool;
    private readonly GauWorkspace shared;   // one batch, by all threads
    private readonly GauWorkspace[] own;   // many batches, one per thread
    private readonly List<GauBatch> batches = [];

    public OurEngine(string path, int threads)
    {
        model = GauModel.Load(path);
        pool = new WorkerPool(threads);
        shared = new GauWorkspace(model, pool);
        own = [.. Enumerable.Range(0, threads).Select(_ => new GauWorkspace(model))];
    }

    /// <summary>Name and version of the runtime.</summary>
    public static string Version => $"GauRuntime {typeof(GauModel).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>The kernel tier in use.</summary>
    public string Tier => model.Tier;

    /// <inheritdoc/>
    public void Prepare(IReadOnlyList<int[][]> batches)
    {
        this.batches.Clear();
        foreach (int[][] texts in batches)
        {
            GauBatch batch = new();
            foreach (int[] ids in texts)
                batch.Add(ids);
            this.batches.Add(batch);
        }
    }

    /// <inheritdoc/>
    public void Run()
    {
        if (batches.Count == 1)
            GauEncoder.Forward(model, batches[0], shared);
        else
            Callers.Run(batches.Count, own.Length, (i, caller) => GauEncoder.Forward(model, batches[i], own[caller]));
    }

    /// <inheritdoc/>
    public float[] Hidden(int text) => [.. Enumerable.Range(batches[0].Start(text), batches[0].Length(text))
        .SelectMany(token => shared.Hidden(token).ToArray())];

    /// <inheritdoc/>
    public void Dispose()
    {
        shared.Dispose();
        pool.Dispose();
        foreach (GauWorkspace workspace in own)
            workspace.Dispose();
        model.Dispose();
    }
}
