using GauRuntime.Convert.Hdf5;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using Microsoft.Win32.SafeHandles;

namespace GauRuntime.Convert.Keras;

/// <summary>A layer and its weights, in the order in which Keras lists them.</summary>
internal sealed record KerasLayer(string Name, IReadOnlyList<TensorEntry> Weights);

/// <summary>Weights that Keras 2 saved in HDF5, alone or inside a whole model.</summary>
internal sealed class KerasCheckpoint : ICheckpoint
{
    private const int MaxTensors = 100_000;
    private readonly HdfSource source;
    private readonly Dictionary<string, HdfDataset> datasets = new(StringComparer.Ordinal);
    private readonly List<TensorEntry> tensors = [];
    private readonly List<KerasLayer> layers = [];
    private Int128 valueBytes;

    private KerasCheckpoint(HdfSource source)
    {
        this.source = source;
        HdfGroup root = new(HdfObject.Read(source, HdfSuperblock.ReadRoot(source), "/"));
        HdfGroup weights = FindWeights(root);
        if (weights != root && HdfAttribute.Strings(root.Header, "model_config") is [var text])
            ModelConfig = text;
        foreach (string layer in Names(weights.Header, "layer_names")!)
            AddLayer(weights, layer);
    }

    /// <inheritdoc/>
    public CheckpointKind Kind => CheckpointKind.Keras;

    /// <inheritdoc/>
    public string Path => source.Path;

    /// <summary>Named <c>layer :: weight_name</c>.</summary>
    public IReadOnlyList<TensorEntry> Tensors => tensors;

    /// <summary>The layers in <c>layer_names</c> order, those without weights included.</summary>
    public IReadOnlyList<KerasLayer> Layers => layers;

    /// <summary>JSON of the layers and their connections, where a whole model was saved.</summary>
    public string? ModelConfig { get; }

    /// <summary>Opens a file and checks its whole structure.</summary>
    /// <exception cref="GauFormatException">It is no Keras 2 file, or malformed.</exception>
    public static KerasCheckpoint Open(string path)
    {
        SafeFileHandle handle = RegularFile.Open(path, out long length);
        HdfSource source = new(path, handle, length);
        try
        {
            return new KerasCheckpoint(source);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Read(TensorEntry tensor, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        HdfDataset dataset = datasets[tensor.Name];
        if (Elements.Width(tensor.Type) == 0)
            throw new ArgumentException("listed only", nameof(tensor));
        if (destination.Length != tensor.ByteLength)
            throw new ArgumentException("wrong size", nameof(destination));
        source.Data(dataset.Address, destination, tensor.Name);
    }

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();

    private static HdfGroup FindWeights(HdfGroup root)
    {
        if (Names(root.Header, "layer_names") is not null)
            return root;
        if (root.Contains("model_weights"))
        {
            HdfGroup weights = new(root.Object("model_weights"));
            if (Names(weights.Header, "layer_names") is not null)
                return weights;
        }
        if (root.Contains("layers") || root.Contains("_layer_checkpoint_dependencies"))
            throw root.Header.Fault(
                "the weight layout of Keras 3 (layers/…/vars) is not supported; "
                + "load the weights in tf.keras 2 and save them to a name that does not end in .weights.h5");
        throw root.Header.Fault("no layer_names attribute: HDF5, but not written by Keras");
    }

    private void AddLayer(HdfGroup weights, string name)
    {
        HdfGroup group = new(weights.Object(name));
        string[] names = Names(group.Header, "weight_names")
            ?? throw group.Header.Fault("no weight_names attribute");
        List<TensorEntry> entries = new(names.Length);
        foreach (string weight in names)
        {
            HdfDataset dataset = HdfDataset.Read(group.Object(weight));
            string? stored = dataset.Type.Element == ElementType.Other ? dataset.Type.Name : null;
            TensorEntry entry = new($"{name} :: {weight}", dataset.Type.Element, dataset.Shape) { StoredType = stored };
            if (!datasets.TryAdd(entry.Name, dataset))
                throw group.Header.Fault($"the weight '{weight}' is listed twice");
            if (datasets.Count > MaxTensors)
                throw group.Header.Fault($"more than {MaxTensors} weights");
            valueBytes += Elements.Width(entry.Type) * (Int128)entry.ElementCount;
            // Else a small file could make its reader read without end.
            if (valueBytes > source.Length)
                throw group.Header.Fault($"the weight '{weight}' shares its values with others");
            tensors.Add(entry);
            entries.Add(entry);
        }
        layers.Add(new KerasLayer(name, entries));
    }

    /// <summary>An attribute that is split into <c>name0, name1, …</c> where it would exceed 64 KiB.</summary>
    private static string[]? Names(HdfObject owner, string name)
    {
        if (HdfAttribute.Strings(owner, name) is { } whole)
            return whole;
        List<string>? parts = null;
        for (int i = 0; HdfAttribute.Strings(owner, $"{name}{i}") is { } part; i++)
            (parts ??= []).AddRange(part);
        return parts?.ToArray();
    }
}
