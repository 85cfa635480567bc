using System.Text;
using GauRuntime.Tools;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.LibGau;

/// <summary>A model, its labels in UTF-8, and how many calls are at it.</summary>
internal sealed class LoadedModel(GauModel model)
{
    private const string DefaultResource = "default-model";   // loaded so that no call waits for another

    private readonly Lock userLock = new();
    private readonly byte[][] labels = [.. model.Head.Labels.Select(Encoding.UTF8.GetBytes)];
    private int users = 1; // the handle, and every call

    public GauModel Model { get; } = model;

    public int LabelCount => labels.Length;

    /// <summary>Loads a model file, or the model inside the library.</summary>
    public static LoadedModel Load(string? path)
    {
        if (path is not null)
            return new LoadedModel(GauModel.Load(path, int.MaxValue));
        if (typeof(LoadedModel).Assembly.GetManifestResourceStream(DefaultResource) is UnmanagedMemoryStream embedded)
            return new LoadedModel(GauModel.Load(embedded, DefaultResource, int.MaxValue));
        throw Status.Usage("this build of libgau holds no model");
    }

    public ReadOnlySpan<byte> Label(nuint index) => index < (nuint)labels.Length
        ? labels[index]
        : throw Status.Usage($"there are {labels.Length} labels, and none of index {index}");

    /// <summary>Fails where the model's head does something else than classifying texts.</summary>
    public void RequireSequenceHead()
    {
        if (Model.Head.Kind != HeadKind.SequenceClassification)
            throw Status.Usage(
                $"the model's head is {JsonName.Of(Model.Head.Kind)}; gau_score is for sequence classification");
    }

    /// <summary>Counts a call. Only while it is in the table.</summary>
    public void Enter()
    {
        lock (userLock) users++;
    }

    /// <summary>The last one to leave gives the memory back.</summary>
    public void Leave()
    {
        lock (userLock)
        {
            if (--users > 0) return;
        }
        Model.Dispose();
    }
}
