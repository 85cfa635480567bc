using GauRuntime.Threads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Bench;

/// <summary>A forward pass over texts of one length, which can be run again and again.</summary>
internal sealed class BenchPass : IDisposable
{
    private readonly GauModel model;
    private readonly GauBatch batch = new();
    private readonly WorkerPool pool;
    private readonly GauWorkspace workspace;

    /// <summary>Prepares the texts: the same ids for the same sizes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="texts">Texts per pass.</param>
    /// <param name="length">Tokens of a text.</param>
    /// <param name="threads">Threads that share the pass.</param>
    public BenchPass(GauModel model, int texts, int length, int threads)
    {
        this.model = model;
        uint state = 2022;
        for (int text = 0; text < texts; text++)
            batch.Add(Draw(model.Config, length, ref state));
        pool = new WorkerPool(threads);
        workspace = new GauWorkspace(model, pool);
    }

    /// <summary>Computes all texts.</summary>
    public void Run() => GauEncoder.Forward(model, batch, workspace);

    public void Dispose()
    {
        workspace.Dispose();
        pool.Dispose();
    }

    private static int[] Draw(ModelConfig config, int length, ref uint state)
    {
        int[] ids = new int[length];
        foreach (ref int id in ids.AsSpan())
        {
            state = state * 1664525 + 1013904223;   // Numerical Recipes
            id = (int)((ulong)state * (uint)config.VocabSize >> 32);
        }
        return ids;
    }
}
