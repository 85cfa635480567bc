using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Bench;

/// <summary>The model of a measurement; one of random weights has its file in a folder that is removed.</summary>
internal sealed class BenchModel : IDisposable
{
    private readonly DirectoryInfo? folder;

    private BenchModel(GauModel model, DirectoryInfo? folder)
    {
        Model = model;
        this.folder = folder;
    }

    public GauModel Model { get; }

    /// <summary>A model file, or the model inside this program.</summary>
    public static BenchModel Load(string? path) => new(ModelSource.Load(path), null);

    /// <summary>A model of a size of <see cref="RandomModel.Sizes"/>.</summary>
    /// <param name="size">The size.</param>
    /// <param name="type">How its matrices are stored.</param>
    /// <param name="block">Inputs per int8 block, or null: as gau-convert chooses; ignored for float.</param>
    /// <param name="cancel">Ends the writing.</param>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left behind.</exception>
    public static BenchModel Random(string size, WeightType type, int? block, CancellationToken cancel)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("gau-bench-");
        try
        {
            string path = Path.Combine(folder.FullName, size + ".safetensors");
            RandomModel.Write(
                path, RandomModel.Describe(size), type, block, _ => cancel.ThrowIfCancellationRequested());
            return new BenchModel(GauModel.Load(path), folder);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    public void Dispose()
    {
        Model.Dispose();
        folder?.Delete(recursive: true);
    }
}
