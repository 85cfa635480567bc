using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Peers.Engines;

/// <summary>This runtime; the only file of the program that calls its forward pass.</summary>
internal sealed class OurEngine : IEngine
{
    private readonly GauModel model;
    private readonly GauWorkspace[] workspaces;   // one per thread
    private readonly List<GauBatch> parts = [];   // batches, or the shares of the one batch
    private int textsPerPart;

    public OurEngine(string path, int threads)
    {
        model = GauModel.Load(path);
        // A text on several threads: give the first workspace the pool of workers here.
        workspaces = [.. Enumerable.Range(0, threads).Select(_ => new GauWorkspace(model))];
    }

    /// <summary>Name and version of the runtime.</summary>
    public static string Version => $"GauRuntime {typeof(GauModel).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>The kernel tier in use.</summary>
    public string Tier => model.Tier;

    /// <inheritdoc/>
    public void Prepare(IReadOnlyList<int[][]> batches)
    {
        parts.Clear();
        textsPerPart = batches.Max(batch => batch.Length);
        if (batches.Count == 1)   // shared by the threads
        {
            textsPerPart = (batches[0].Length + workspaces.Length - 1) / workspaces.Length;
            batches = [.. batches[0].Chunk(textsPerPart)];
        }
        foreach (int[][] texts in batches)
        {
            GauBatch part = new();
            foreach (int[] ids in texts) part.Add(ids);
            parts.Add(part);
        }
    }

    /// <inheritdoc/>
    public void Run() => Callers.Run(parts.Count, workspaces.Length,
        (part, caller) => GauEncoder.Forward(model, parts[part], workspaces[caller]));

    /// <inheritdoc/>
    public float[] Hidden(int text)
    {
        (int part, int place) = Math.DivRem(text, textsPerPart);
        int start = parts[part].Start(place);
        return [.. Enumerable.Range(start, parts[part].Length(place))
            .SelectMany(token => workspaces[part].Hidden(token).ToArray())];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (GauWorkspace workspace in workspaces) workspace.Dispose();
        model.Dispose();
    }
}
