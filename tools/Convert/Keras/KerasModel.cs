using System.Globalization;
using System.Text.RegularExpressions;
using GauRuntime.Convert.Configuration;
using GauRuntime.Convert.Conversion;
using GauRuntime.Convert.Names;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Keras;

/// <summary>
/// The layers of a bert4keras model. Names inside a layer are numbered per session, so weights are told apart by rank,
/// shape and order alone.
/// </summary>
internal sealed partial class KerasModel
{
    private const string Gau = "GatedAttentionUnit";
    private const string Attention = "MultiHeadSelfAttention";
    private const string FeedForward = "FeedForward";

    /// <summary>The dense layers of a layer, in the order of their weights.</summary>
    private static readonly Dictionary<string, string[]> DenseParts = new(StringComparer.Ordinal)
    {
        [Attention] = ["attention.query", "attention.key", "attention.value", "attention.output"],
        [FeedForward] = ["ffn.intermediate", "ffn.output"],
    };

    /// <summary>What the layers beside the transformer's are for.</summary>
    private static readonly Dictionary<string, string> Beside = new(StringComparer.Ordinal)
    {
        [ModelTensors.WordEmbedding] = "Embedding-Token", [ModelTensors.SegmentEmbedding] = "Embedding-Segment",
        [ModelTensors.PositionEmbedding] = "Embedding-Position", [ModelTensors.EmbeddingNorm] = "Embedding-Norm",
        [ModelTensors.EmbeddingProjection] = "Embedding-Mapping", [ModelTensors.MaskedLmTransform] = "MLM-Dense",
        [ModelTensors.MaskedLmNorm] = "MLM-Norm", [ModelTensors.MaskedLmBias] = "MLM-Bias",
    };

    private readonly KerasCheckpoint checkpoint;
    private readonly Dictionary<string, KerasLayer> known = new(StringComparer.Ordinal);
    private readonly HashSet<string> inside = new(StringComparer.Ordinal);   // names of the weights of known layers
    private readonly KerasLayer[] others;

    /// <summary>Recognises layers by the ends of their names.</summary>
    /// <exception cref="GauFormatException">Two layers end alike, or neither architecture is there.</exception>
    public KerasModel(KerasCheckpoint checkpoint)
    {
        this.checkpoint = checkpoint;
        foreach (KerasLayer layer in checkpoint.Layers.Where(layer => layer.Weights.Count > 0))
        {
            Match match = KnownLayer().Match(layer.Name);
            if (match.Success && !known.TryAdd(match.Value, layer))
                throw Fault(layer.Name, $"two layers end in '{match.Value}'");
        }
        ArchitectureTraits traits = ArchitectureTraits.Recognise(
            ArchitectureTraits.All.Where(entry => known.ContainsKey($"Transformer-0-{entry.KerasLayer}")),
            known.ContainsKey("Embedding-Norm"), known.ContainsKey("Embedding-Position"), out string? fault)
            ?? throw Fault("layer_names", fault ?? $"neither {ArchitectureTraits.Titles("nor")}");
        Architecture = traits.Architecture;
        foreach (string name in traits.HasLayerNorm ? [] : known.Keys.Where(name => OfBert().IsMatch(name)).ToArray())
            known.Remove(name);
        KerasLayer[] beside =
            [.. checkpoint.Layers.Where(layer => layer.Weights.Count > 0 && !known.ContainsValue(layer))];
        // A pooler that no classifier reads is that of pretraining.
        if (traits.HasLayerNorm && beside is [var only] && KerasHead.IsPooler(only.Name))
        {
            known.Add(only.Name, only);
            beside = [];
        }
        others = beside;
        inside.UnionWith(known.Values.SelectMany(layer => layer.Weights).Select(entry => entry.Name));
    }

    public Architecture Architecture { get; }

    /// <summary>Whether there is the dense layer of a masked LM, which BERT and RoFormer have.</summary>
    public bool HasMaskedLm => known.ContainsKey("MLM-Dense");

    /// <summary>The fine-tuned layers, once chosen; null for a masked LM.</summary>
    public KerasHead? Head { get; private set; }

    /// <summary>Chooses the head; returns what it tells.</summary>
    public HeadEvidence ChooseHead(ModelConfig encoder, ConvertOptions options)
    {
        Head = KerasHead.Choose(checkpoint, others, encoder, options);
        return new HeadEvidence(CheckpointKind.Keras, Head is not null, false,
            Head is null ? null : new ClassifierOutputs(Head.Output.Kernel.Name, (int)Head.Output.Outputs), Head);
    }

    /// <summary>The weights of a part of the model; null for a bias that its layer lacks.</summary>
    public SourceTensor? Find(TensorSpec spec, TensorLookup lookup, ModelConfig config)
    {
        if (FindBeside(spec, lookup) is { } beside)
            return beside;
        if (NameTable.SplitLayer(spec.Name, out int index, out string part))
            return config.Traits.Layer == LayerKind.GatedAttention
                ? FindGau(spec, lookup, index, part, config)
                : FindAttentionFfn(spec, lookup, index, part, config);
        if (Head is null)
            throw Fault(
                "layer_names",
                "the configuration names a head, but no layer beside the model has a kernel [hidden_size, labels]");
        KerasDense dense = spec.Name.StartsWith(ModelTensors.HeadDense, StringComparison.Ordinal)
            ? Head.Hidden! : Head.Output;
        if (!spec.Name.EndsWith(".bias", StringComparison.Ordinal))
            return lookup.Use(spec, dense.Kernel, true);
        return dense.Bias is null ? null : lookup.Use(spec, dense.Bias, false);
    }

    /// <summary>Whether a weight belongs to a layer with a name of the model.</summary>
    public bool IsInside(string weight) => inside.Contains(weight);

    /// <summary>Whether a weight is that of a head of pretraining, which a model with another head has no place for.</summary>
    public bool IsOfPretraining(string weight) => known.Any(layer =>
        (layer.Key.StartsWith("MLM-", StringComparison.Ordinal) || layer.Key == "NSP-Proba"
            || KerasHead.IsPooler(layer.Key))
        && layer.Value.Weights.Any(entry => entry.Name == weight));

    private SourceTensor? FindBeside(TensorSpec spec, TensorLookup lookup)
    {
        if (Beside.TryGetValue(spec.Name, out string? single))
            return Known(single).Weights switch
            {
                [var weight] => lookup.Use(spec, weight, false),
                // A dense layer: its kernel, and then its bias.
                [var kernel, _] when kernel.Shape.Count == 2 => lookup.Use(spec, kernel, true),
                _ => throw Fault(single, "one matrix was expected"),
            };
        int dot = spec.Name.LastIndexOf('.');
        if (dot < 0 || !Beside.TryGetValue(spec.Name[..dot], out string? name))
            return null;
        KerasLayer layer = Known(name);
        return spec.Name[dot..] == LinearLayer.Bias
            ? layer.Weights is [_, var bias] ? lookup.Use(spec, bias, false) : null
            : lookup.Use(spec, OfNorm(layer, spec.Name[(dot + 1)..]), false);
    }

    /// <summary>γ or β of a norm: by the weight's name, else in their order, β first.</summary>
    private TensorEntry OfNorm(KerasLayer layer, string part)
    {
        if (layer.Weights is not [var first, var second] || first.Shape.Count != 1 || second.Shape.Count != 1)
            throw Fault(layer.Name, $"beta and gamma were expected, this layer has {Shapes(layer)}");
        bool swapped = IsNamed(first, "gamma") && IsNamed(second, "beta");
        return part == "beta" != swapped ? first : second;
    }

    private static bool IsNamed(TensorEntry weight, string name)
    {
        string last = weight.Name[(weight.Name.LastIndexOf('/') + 1)..];
        return last == name || last == name + ":0";
    }

    private SourceTensor FindGau(TensorSpec spec, TensorLookup lookup, int index, string part, ModelConfig config)
    {
        KerasLayer layer = Layer(index, Gau);
        TensorEntry[] matrices = [.. layer.Weights.Where(entry => entry.Shape.Count == 2)];
        TensorEntry[] vectors = [.. layer.Weights.Where(entry => entry.Shape.Count == 1)];
        if (matrices.Length != 2 || vectors.Length != 2 || layer.Weights.Count != 4)
            throw Fault(
                layer.Name, $"a gated attention unit has two kernels and two gammas, this layer {Shapes(layer)}");
        // i_dense [h, 2e + s] comes first in both orders and never has o_dense's shape [e, h].
        return part switch
        {
            "gau.i_dense" => lookup.Use(spec, matrices[0], true),
            "gau.o_dense" => lookup.Use(spec, matrices[1], true),
            "gau.q_gamma" => lookup.Use(spec, vectors[0], false),
            "gau.k_gamma" => lookup.Use(spec, vectors[1], false),
            _ => throw Fault(
                layer.Name, $"use_bias is {config.UseBias}, but Keras layers of this kind have no '{part}'"),
        };
    }

    private SourceTensor FindAttentionFfn(
        TensorSpec spec, TensorLookup lookup, int index, string part, ModelConfig config)
    {
        string kind = part.StartsWith("attention.", StringComparison.Ordinal) ? Attention : FeedForward;
        int dot = part.LastIndexOf('.');
        if (part[..dot].EndsWith(".norm", StringComparison.Ordinal))
            return lookup.Use(spec, OfNorm(Layer(index, kind + "-Norm"), part[(dot + 1)..]), false);
        KerasLayer layer = Layer(index, kind);
        string[] dense = DenseParts[kind];
        int each = config.UseBias ? 2 : 1;
        if (layer.Weights.Count != dense.Length * each
            || layer.Weights.Where((entry, i) => entry.Shape.Count != (i % each == 0 ? 2 : 1)).Any())
            throw Fault(layer.Name, $"{dense.Length} kernels with{(config.UseBias ? " their" : "out")} biases were "
                + $"expected, this layer has {Shapes(layer)}");
        bool bias = part.EndsWith(LinearLayer.Bias, StringComparison.Ordinal);
        int place = Array.IndexOf(dense, bias ? part[..dot] : part);
        return lookup.Use(spec, layer.Weights[place * each + (bias ? 1 : 0)], !bias);
    }

    private KerasLayer Layer(int index, string kind) =>
        Known(string.Create(CultureInfo.InvariantCulture, $"Transformer-{index}-{kind}"));

    private KerasLayer Known(string name) =>
        known.TryGetValue(name, out KerasLayer? layer) ? layer : throw Fault(name, "the layer is missing");

    private static string Shapes(KerasLayer layer) => string.Join(" ", layer.Weights.Select(entry => entry.ShapeText));

    private GauFormatException Fault(string place, string reason) => new(checkpoint.Path, place, reason);

    /// <summary>Layers that only encoders with LayerNorm have.</summary>
    [GeneratedRegex("^(Embedding-(Position|Norm|Mapping)|MLM-.*|NSP-Proba|.*-Norm)$", RegexOptions.CultureInvariant)]
    private static partial Regex OfBert();

    [GeneratedRegex(
        "(Embedding-(Token|Segment|Position|Norm|Mapping)|MLM-(Dense|Norm|Bias)|NSP-Proba"
        + "|Transformer-[0-9]+-(GatedAttentionUnit|(MultiHeadSelfAttention|FeedForward)(-Norm)?))$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex KnownLayer();
}
