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
    private static readonly string[] AttentionParts =
        ["attention.query", "attention.key", "attention.value", "attention.output"];
    private readonly KerasCheckpoint checkpoint;
    private readonly Dictionary<string, KerasLayer> known = new(StringComparer.Ordinal);
    private readonly HashSet<string> inside = new(StringComparer.Ordinal);   // names of the weights of known layers
    private readonly List<KerasLayer> others = [];

    /// <summary>Recognises layers by the ends of their names.</summary>
    /// <exception cref="GauFormatException">Two layers end alike, or neither architecture is there.</exception>
    public KerasModel(KerasCheckpoint checkpoint)
    {
        this.checkpoint = checkpoint;
        foreach (KerasLayer layer in checkpoint.Layers.Where(layer => layer.Weights.Count > 0))
        {
            Match match = KnownLayer().Match(layer.Name);
            if (!match.Success)
                others.Add(layer);
            else if (!known.TryAdd(match.Value, layer))
                throw Fault(layer.Name, $"two layers end in '{match.Value}'");
        }
        inside.UnionWith(known.Values.SelectMany(layer => layer.Weights).Select(entry => entry.Name));
        ArchitectureTraits[] found =
            [.. ArchitectureTraits.All.Where(entry => known.ContainsKey($"Transformer-0-{entry.KerasLayer}"))];
        Architecture = found switch
        {
            [var only] => only.Architecture,
            [] => throw Fault("layer_names", $"neither {ArchitectureTraits.Titles("nor")}"),
            _ => throw Fault("layer_names", $"layers of both {ArchitectureTraits.Titles("and")}"),
        };
    }

    public Architecture Architecture { get; }

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
        if (spec.Name == ModelTensors.WordEmbedding)
            return lookup.Use(spec, Only("Embedding-Token"), false);
        if (spec.Name == ModelTensors.SegmentEmbedding)
            return lookup.Use(spec, Only("Embedding-Segment"), false);
        if (NameTable.SplitLayer(spec.Name, out int index, out string part))
            return config.Traits.Layer == LayerKind.GatedAttention
                ? FindGau(spec, lookup, index, part, config)
                : FindAttentionFfn(spec, lookup, index, part);
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

    private SourceTensor FindAttentionFfn(TensorSpec spec, TensorLookup lookup, int index, string part)
    {
        bool attention = part.StartsWith("attention.", StringComparison.Ordinal);
        KerasLayer layer = Layer(index, attention ? Attention : FeedForward);
        int count = attention ? 4 : 2;
        if (layer.Weights.Count != count || layer.Weights.Any(entry => entry.Shape.Count != 2))
            throw Fault(layer.Name, $"{count} kernels without biases were expected, this layer has {Shapes(layer)}");
        int place = attention ? Array.IndexOf(AttentionParts, part) : part == "ffn.intermediate" ? 0 : 1;
        return lookup.Use(spec, layer.Weights[place], true);
    }

    private KerasLayer Layer(int index, string kind) =>
        Known(string.Create(CultureInfo.InvariantCulture, $"Transformer-{index}-{kind}"));

    private KerasLayer Known(string name) =>
        known.TryGetValue(name, out KerasLayer? layer) ? layer : throw Fault(name, "the layer is missing");

    private TensorEntry Only(string name) => Known(name) is { Weights: [var weight] }
        ? weight
        : throw Fault(name, "one matrix was expected");

    private static string Shapes(KerasLayer layer) => string.Join(" ", layer.Weights.Select(entry => entry.ShapeText));

    private GauFormatException Fault(string place, string reason) => new(checkpoint.Path, place, reason);

    [GeneratedRegex(
        "(Embedding-(Token|Segment)|Transformer-[0-9]+-(GatedAttentionUnit|MultiHeadSelfAttention|FeedForward))$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex KnownLayer();
}
