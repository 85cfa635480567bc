using GauRuntime.Convert.Names;
using GauRuntime.Convert.SentenceTransformers;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Conversion;

/// <summary>Reads the weights of a model: from its checkpoint, and those of layers behind the encoder.</summary>
internal sealed class WeightReaders : IDisposable
{
    private const string Weight = "linear.weight", Bias = "linear.bias";

    private readonly WeightReader encoder;
    private readonly List<ICheckpoint> dense = [];
    private readonly Dictionary<string, WeightReader> readers = new(StringComparer.Ordinal);   // of dense layers

    /// <summary>Finds every tensor of the layers; no weight is read.</summary>
    /// <param name="checkpoint">The encoder's; disposed by who opened it.</param>
    /// <param name="model">What it is.</param>
    /// <param name="folder">Where the layers are; null: there are none.</param>
    /// <exception cref="GauFormatException">One is missing or does not fit, or there are others.</exception>
    public WeightReaders(ICheckpoint checkpoint, ModelSource model, SentenceFolder? folder)
    {
        encoder = new WeightReader(checkpoint, model.Map);
        try
        {
            foreach (CheckpointSource layer in folder?.Layers ?? [])
            {
                string name = ModelTensors.EmbeddingDense(dense.Count), bias = ModelTensors.Bias(name);
                dense.Add(layer.OpenModel());
                Find(dense[^1], [.. model.Tensors.Where(tensor => tensor.Name == name || tensor.Name == bias)]);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="WeightReader.Read(TensorSpec, Span{float})"/>
    public void Read(TensorSpec spec, Span<float> w) => readers.GetValueOrDefault(spec.Name, encoder).Read(spec, w);

    /// <summary>Ends the use of the layers' checkpoints.</summary>
    public void Dispose()
    {
        foreach (ICheckpoint checkpoint in dense)
            checkpoint.Dispose();
    }

    private void Find(ICheckpoint checkpoint, TensorSpec[] tensors)
    {
        TensorLookup lookup = new(checkpoint);
        Dictionary<string, SourceTensor> sources = new(StringComparer.Ordinal);
        foreach (TensorSpec spec in tensors)
        {
            string name = spec.Role == TensorRole.Rows ? Bias : Weight;
            sources.Add(spec.Name, lookup.Has(name)
                ? lookup.Find(spec, name, transposed: false)
                : throw lookup.Missing(name, spec, transposed: false, ""));
        }
        string expected = tensors.Length == 1 ? $"{Weight} alone, having no bias" : $"{Weight} and {Bias}";
        if (lookup.Unused.FirstOrDefault() is { } other)
            throw new GauFormatException(
                checkpoint.Path, other.Name, $"no tensor of this Dense module, which has {expected}");
        WeightReader reader = new(checkpoint, new SourceMap(sources, [], []));
        foreach (TensorSpec spec in tensors)
            readers.Add(spec.Name, reader);
    }
}
