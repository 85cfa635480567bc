using GauRuntime.Convert.Conversion;
using GauRuntime.Convert.Keras;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Names;

/// <summary>All tensors of a model, found in a checkpoint and checked, and what else the checkpoint holds.</summary>
/// <param name="Sources">By canonical name; a bias that its layer lacks, which is 0, is not among them.</param>
/// <param name="Extra">
/// Trained tensors that the model has no place for, only where the user gives them up, and objects that are not read.
/// </param>
/// <param name="Ignored">What no model computes with: optimizer state, counters, tables that are computed anew.</param>
internal sealed record SourceMap(
    IReadOnlyDictionary<string, SourceTensor> Sources,
    IReadOnlyList<string> Extra,
    IReadOnlyList<string> Ignored)
{
    /// <summary>Finds every tensor by name.</summary>
    public static SourceMap ByName(
        ICheckpoint checkpoint, CheckpointNames names, IReadOnlyList<TensorSpec> specs, ModelConfig config,
        NamedHead head, DecoderUse decoder, bool allowExtra)
    {
        TensorLookup lookup = new(checkpoint);
        Dictionary<string, SourceTensor> sources = new(StringComparer.Ordinal);
        foreach (TensorSpec spec in specs)
        {
            (string name, bool transposed) = names.Of(spec, head.Kind, head.Layer);
            string? other = CheckpointNames.OtherNameOf(name);
            if (!lookup.Has(name) && other is not null && lookup.Has(other))
                name = other;
            else if (other is not null)
                RequireSame(checkpoint, lookup, name, other);
            if (lookup.Has(name))
                sources.Add(spec.Name, lookup.Find(spec, name, transposed));
            else if (!head.MayLack(spec))
                throw lookup.Missing(name, spec, transposed, head.AdviceFor(spec));
        }
        string[] used = [.. sources.Values.Select(source => source.Entry.Name)];
        // A decoder that nothing asked for is the word embedding once more.
        ILookup<bool, string> rest = lookup.Unused.Where(entry => entry != names.Decoder)
            .ToLookup(
                entry => Untrained.Is(entry, checkpoint.Kind, used) || Untrained.IsZeroBias(checkpoint, entry),
                entry => entry.Name);
        string[] extra =
            [.. rest[false].Where(name => !head.IsAnother(name) && !names.IsOfAnotherHead(name, config))];
        if (extra.Length > 0 && !allowExtra)
            throw Refuse(checkpoint, extra, config, head.AdviceFor(extra));
        string[] unused = decoder == DecoderUse.LeftOut ? [names.Decoder!.Name] : [];
        return new SourceMap(sources, [.. unused, .. rest[false], .. checkpoint.LeftOut], [.. rest[true]]);
    }

    /// <summary>Finds every tensor by layer, rank and order.</summary>
    public static SourceMap ByLayer(
        KerasCheckpoint checkpoint, KerasModel model, IReadOnlyList<TensorSpec> specs, ModelConfig config,
        ConvertOptions options)
    {
        TensorLookup lookup = new(checkpoint);
        Dictionary<string, SourceTensor> sources = new(StringComparer.Ordinal);
        foreach (TensorSpec spec in specs)
            if (model.Find(spec, lookup, config) is { } source)
                sources.Add(spec.Name, source);
        string[] extra =
        [
            .. lookup.Unused.Select(entry => entry.Name)
                .Where(name => model.IsInside(name) && !(config.Traits.HasLayerNorm && model.IsOfPretraining(name))),
        ];
        if (extra.Length > 0 && !options.AllowExtra)
            throw Refuse(checkpoint, extra, config, "");
        // Whoever chose the head has seen the layers beside it.
        return new SourceMap(sources, [.. lookup.Unused.Select(entry => entry.Name)], []);
    }

    /// <summary>Refuses a tensor that stands under both of its names, with other values.</summary>
    private static void RequireSame(ICheckpoint checkpoint, TensorLookup lookup, string name, string other)
    {
        if (lookup.Entry(name) is { } one && lookup.Entry(other) is { } two
            && !DecoderTie.AreEqual(checkpoint, one, two))
            throw new GauFormatException(checkpoint.Path, other,
                $"it differs from {name}, although both are names of the same tensor: leave out the one that is not "
                + "the model's");
    }

    private static GauFormatException Refuse(ICheckpoint checkpoint, string[] extra, ModelConfig config, string advice)
    {
        string others = extra.Length > 1 ? $" and {extra.Length - 1} others" : "";
        return new GauFormatException(checkpoint.Path, extra[0],
            $"the configuration ({config.LayerCount} layers) has no place for this tensor{others}; "
            + $"--allow-extra leaves such tensors out{advice}");
    }
}
