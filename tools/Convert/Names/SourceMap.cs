using GauRuntime.Convert.Keras;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Names;

/// <summary>All tensors of a model, found in a checkpoint and checked, and what else the checkpoint holds.</summary>
/// <param name="Sources">By canonical name.</param>
/// <param name="Extra">Tensors inside the model that it has no place for; only with <c>--allow-extra</c>.</param>
/// <param name="Ignored">Tensors beside the model: optimizer state, other heads, the tied decoder.</param>
/// <param name="Decoder">The masked-LM matrix where it is stored separately.</param>
internal sealed record SourceMap(
    IReadOnlyDictionary<string, SourceTensor> Sources,
    IReadOnlyList<string> Extra,
    IReadOnlyList<string> Ignored,
    TensorEntry? Decoder)
{
    /// <summary>Finds every tensor by name.</summary>
    public static SourceMap ByName(
        ICheckpoint checkpoint, CheckpointNames names, IReadOnlyList<TensorSpec> specs, ModelConfig config,
        HeadKind head, bool allowExtra)
    {
        TensorLookup lookup = new(checkpoint);
        Dictionary<string, SourceTensor> sources = new(StringComparer.Ordinal);
        foreach (TensorSpec spec in specs)
        {
            (string name, bool transposed) = names.Of(spec, head);
            sources.Add(spec.Name, lookup.Find(spec, name, transposed));
        }
        string decoderName = names.Root("cls.predictions.decoder.weight");
        TensorEntry? decoder = null;
        List<string> extra = [];
        List<string> ignored = [];
        foreach (TensorEntry entry in lookup.Unused)
        {
            if (names.Kind != CheckpointKind.TensorFlow && entry.Name == decoderName) decoder = entry;
            else if (IsForeign(entry, names, sources)) extra.Add(entry.Name);
            else ignored.Add(entry.Name);
        }
        if (extra.Count > 0 && !allowExtra) throw Refuse(checkpoint, extra, config);
        return new SourceMap(sources, extra, ignored, decoder);
    }

    /// <summary>Finds every tensor by layer, rank and order.</summary>
    public static SourceMap ByLayer(
        KerasCheckpoint checkpoint, KerasModel model, IReadOnlyList<TensorSpec> specs, ModelConfig config,
        bool allowExtra)
    {
        TensorLookup lookup = new(checkpoint);
        Dictionary<string, SourceTensor> sources = specs.ToDictionary(
            spec => spec.Name, spec => model.Find(spec, lookup, config), StringComparer.Ordinal);
        List<string> extra = [];
        List<string> ignored = [];
        foreach (TensorEntry entry in lookup.Unused)
            (model.IsInsideModel(entry.Name) ? extra : ignored).Add(entry.Name);
        if (extra.Count > 0 && !allowExtra) throw Refuse(checkpoint, extra, config);
        return new SourceMap(sources, extra, ignored, null);
    }

    private static bool IsForeign(TensorEntry entry, CheckpointNames names, Dictionary<string, SourceTensor> sources)
    {
        if (!TensorLookup.IsFloat(entry.Type) || !names.IsInsideModel(entry.Name)) return false;
        // Optimizer slots stand below the name of the variable they belong to.
        return !sources.Values.Any(source =>
            entry.Name.Length > source.Entry.Name.Length && entry.Name[source.Entry.Name.Length] == '/'
            && entry.Name.StartsWith(source.Entry.Name, StringComparison.Ordinal));
    }

    private static GauFormatException Refuse(ICheckpoint checkpoint, List<string> extra, ModelConfig config)
    {
        string others = extra.Count > 1 ? $" and {extra.Count - 1} others" : "";
        return new GauFormatException(checkpoint.Path, extra[0],
            $"the configuration ({config.LayerCount} layers) has no place for this tensor{others}; "
            + "--allow-extra leaves such tensors out");
    }
}
