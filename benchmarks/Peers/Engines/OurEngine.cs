using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Peers.Engines;

/// <summary>This runtime: the only place of the program that calls it.</summary>
internal sealed class OurEngine : IEngine
{
    private readonly GauModel model;
    private readonly Worker[] workers;
    private readonly List<(GauBatch Batch, int Worker)> work = [];
    private List<(int Work, int Text)[]> places = [];

    public OurEngine(string path, int threads)
    {
        model = GauModel.Load(path);
        workers = [.. Enumerable.Range(0, threads).Select(_ => new Worker(model))];
    }

    /// <summary>The kernel tier in use.</summary>
    public static string Tier(string path)
    {
        using GauModel model = GauModel.Load(path);
        return model.Tier;
    }

    /// <summary>Writes the model file that <see cref="OurEngine"/> loads.</summary>
    public static void Write(string path, ModelDescription model, WeightType type) =>
        RandomModel.Write(path, model, type, block: 64);

    /// <inheritdoc/>
    public void Prepare(IReadOnlyList<int[][]> batches) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Run()
    {
    }

    /// <inheritdoc/>
    public float[] Hidden(int batch, int text) => [];

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();

    private sealed class Worker(GauModel model)
    {
        public GauModel M => model;
    }
}
