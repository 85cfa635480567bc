using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Bench;

/// <summary>A forward pass over texts of one length, which can be run again and again.</summary>
internal sealed class BenchPass : IDisposable
{
    private readonly GauModel model;
    private readonly Part[] parts;
    private readonly ParallelOptions options;

    /// <summary>Prepares the texts: the same ids for the same sizes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="texts">Texts per pass.</param>
    /// <param name="length">Tokens of a text.</param>
    /// <param name="threads">
    /// Threads that share the texts, each with a workspace of its own: one text is the work of one thread.
    /// </param>
    public BenchPass(GauModel model, int texts, int length, int threads)
    {
        this.model = model;
        parts = new Part[Math.Min(threads, texts)];
        options = new ParallelOptions { MaxDegreeOfParallelism = parts.Length };
        uint state = 2022;
        for (int i = 0; i < parts.Length; i++)
        {
            GauBatch batch = new();
            int count = texts / parts.Length + (i < texts % parts.Length ? 1 : 0);
            for (int text = 0; text < count; text++) batch.Add(Draw(model.Config, length, ref state));
            parts[i] = new Part(batch, new GauWorkspace(model));
        }
    }

    /// <summary>Computes all texts.</summary>
    public void Run()
    {
        if (parts.Length == 1) Run(0);
        else Parallel.For(0, parts.Length, options, Run);
    }

    public void Dispose() => Array.ForEach(parts, part => part.Workspace.Dispose());

    private void Run(int part) => GauEncoder.Forward(model, parts[part].Batch, parts[part].Workspace);

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

    private sealed record Part(GauBatch Batch, GauWorkspace Workspace);
}
