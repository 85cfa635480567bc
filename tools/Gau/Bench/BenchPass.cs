using GauRuntime.Threads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Bench;

/// <summary>A forward pass over texts of one length, which can be run again and again.</summary>
internal sealed class BenchPass : IDisposable
{
    private readonly GauModel model;
    private readonly GauBatch batch = new();
    private readonly int[]? read;
    private readonly WorkerPool pool;
    private readonly GauWorkspace workspace;

    /// <summary>Prepares the texts: the same ids for the same sizes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="texts">Texts per pass.</param>
    /// <param name="length">Tokens of a text.</param>
    /// <param name="threads">Threads that share the pass.</param>
    /// <param name="firstOnly">Whether of every text the last hidden state of the first token alone is read.</param>
    public BenchPass(GauModel model, int texts, int length, int threads, bool firstOnly)
    {
        this.model = model;
        uint state = 2022;
        for (int text = 0; text < texts; text++)
            batch.Add(Draw(model.Config, length, ref state));
        read = firstOnly ? [.. Enumerable.Range(0, texts).Select(batch.Start)] : null;
        pool = new WorkerPool(threads);
        workspace = new GauWorkspace(model, pool);
    }

    /// <summary>Computes all texts.</summary>
    public void Run()
    {
        if (read is null)
            GauEncoder.Forward(model, batch, workspace);
        else
            GauEncoder.Forward(model, batch, workspace, read);
    }

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
