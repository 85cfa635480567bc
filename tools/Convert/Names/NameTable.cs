using System.Globalization;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Names;

/// <summary>What PyTorch and TensorFlow call the tensors of a model.</summary>
internal static class NameTable
{
    private static readonly (string Canonical, string Torch, string TensorFlow)[] Fixed =
    [
        (ModelTensors.WordEmbedding, "embeddings.word_embeddings.weight", "bert/embeddings/word_embeddings"),
        (ModelTensors.SegmentEmbedding, "embeddings.token_type_embeddings.weight",
            "bert/embeddings/token_type_embeddings"),
        (ModelTensors.PositionEmbedding, "embeddings.position_embeddings.weight",
            "bert/embeddings/position_embeddings"),
        (ModelTensors.EmbeddingNorm, "embeddings.LayerNorm", "bert/embeddings/LayerNorm"),
        (ModelTensors.EmbeddingProjection, "embeddings_project.weight",
            "bert/encoder/embedding_hidden_mapping_in/kernel"),
        (ModelTensors.MaskedLmTransform, "cls.predictions.transform.dense.weight",
            "cls/predictions/transform/dense/kernel"),
        (ModelTensors.MaskedLmNorm, "cls.predictions.transform.LayerNorm", "cls/predictions/transform/LayerNorm"),
        (ModelTensors.MaskedLmBias, "cls.predictions.bias", "cls/predictions/output_bias"),
    ];

    private static readonly (string Canonical, string Torch, string TensorFlow)[] Layer =
    [
        ("gau.i_dense", "gau.i_dense.weight", "gau/i_dense/kernel"),
        ("gau.q_gamma", "gau.q_scaleoffset.weight", "gau/q_scaleoffset/gamma"),
        ("gau.q_beta", "gau.q_scaleoffset.bias", "gau/q_scaleoffset/beta"),
        ("gau.k_gamma", "gau.k_scaleoffset.weight", "gau/k_scaleoffset/gamma"),
        ("gau.k_beta", "gau.k_scaleoffset.bias", "gau/k_scaleoffset/beta"),
        ("gau.o_dense", "gau.o_dense.weight", "gau/o_dense/kernel"),
        ("attention.query", "attention.self.query.weight", "attention/self/query/kernel"),
        ("attention.key", "attention.self.key.weight", "attention/self/key/kernel"),
        ("attention.value", "attention.self.value.weight", "attention/self/value/kernel"),
        ("attention.output", "attention.output.dense.weight", "attention/output/dense/kernel"),
        ("attention.norm", "attention.output.LayerNorm", "attention/output/LayerNorm"),
        ("ffn.intermediate", "intermediate.dense.weight", "intermediate/dense/kernel"),
        ("ffn.output", "output.dense.weight", "output/dense/kernel"),
        ("ffn.norm", "output.LayerNorm", "output/LayerNorm"),
    ];

    private static readonly Dictionary<string, (string Torch, string TensorFlow)> Names =
        Fixed.Concat(Layer).ToDictionary(
            row => row.Canonical, row => (row.Torch, row.TensorFlow), StringComparer.Ordinal);

    /// <summary>Name below the encoder's prefix in a PyTorch state dict.</summary>
    public static string Torch(string canonical) =>
        SplitLayer(canonical, out int layer, out string part)
            ? string.Create(CultureInfo.InvariantCulture, $"encoder.layer.{layer}.{Find(part).Torch}")
            : Find(canonical).Torch;

    /// <summary>The masked-LM matrix where it is stored, tied to the word embedding or not.</summary>
    public const string TorchDecoder = "cls.predictions.decoder.weight";

    /// <summary>Name in a PyTorch state dict of any tensor of a model, as the port's class saves it.</summary>
    public static string TorchWhole(string canonical, Architecture architecture, HeadKind kind) =>
        canonical == ModelTensors.Decoder
            ? TorchDecoder
            : TorchWhole(canonical, architecture, kind, "", ArchitectureTraits.Of(architecture).ModelType + ".");

    /// <summary>Name in a PyTorch state dict of any tensor of a model but a masked-LM matrix of its own.</summary>
    /// <param name="canonical">The tensor.</param>
    /// <param name="architecture">The encoder.</param>
    /// <param name="kind">The head.</param>
    /// <param name="root">What all names begin with.</param>
    /// <param name="encoder">What those of the encoder begin with.</param>
    public static string TorchWhole(
        string canonical, Architecture architecture, HeadKind kind, string root, string encoder)
    {
        if (IsMaskedLm(canonical))
            return root + Torch(canonical);
        if (!IsHead(canonical))
            return encoder + Torch(canonical);
        return (IsPooler(canonical, architecture) ? encoder : root) + TorchHead(canonical, architecture, kind);
    }

    /// <summary>What the name of a part of a layer ends in.</summary>
    public static string Ending(string part, CheckpointKind kind) =>
        kind == CheckpointKind.TensorFlow ? "/" + Names[part].TensorFlow : "." + Names[part].Torch;

    /// <summary>Whether a tensor of a head is that of the pooler, which belongs to the encoder.</summary>
    public static bool IsPooler(string canonical, Architecture architecture) =>
        canonical.StartsWith(ModelTensors.HeadDense, StringComparison.Ordinal)
        && ArchitectureTraits.Of(architecture).Sequences == SequenceHead.Pooler;

    /// <summary>
    /// Name in a PyTorch state dict of a tensor of a head: beside the encoder, but for the pooler.
    /// </summary>
    public static string TorchHead(string canonical, Architecture architecture, HeadKind kind)
    {
        if (IsPooler(canonical, architecture))
            return "pooler.dense" + (CheckpointNames.IsBias(canonical) ? LinearLayer.Bias : LinearLayer.Weight);
        bool ownDense = kind == HeadKind.SequenceClassification
            && ArchitectureTraits.Of(architecture).Sequences == SequenceHead.OwnDense;
        string suffix = CheckpointNames.IsBias(canonical) ? LinearLayer.Bias : LinearLayer.Weight;
        bool dense = canonical.StartsWith(ModelTensors.HeadDense, StringComparison.Ordinal);
        return (dense, ownDense, kind) switch
        {
            (true, true, _) => "classifier.dense" + suffix,
            (true, false, _) => "sequence_summary.summary" + suffix,
            (false, true, _) => "classifier.out_proj" + suffix,
            (false, false, HeadKind.QuestionAnswering) => "qa_outputs" + suffix,
            _ => "classifier" + suffix,
        };
    }

    /// <summary>Name in a TensorFlow checkpoint.</summary>
    /// <remarks>Heads are those of Google's run_classifier.py and run_squad.py, which only BERT has.</remarks>
    public static string TensorFlow(string canonical, Architecture architecture, HeadKind kind)
    {
        if (IsHead(canonical))
        {
            bool bias = CheckpointNames.IsBias(canonical);
            return canonical.StartsWith(ModelTensors.HeadDense, StringComparison.Ordinal)
                ? "bert/pooler/dense/" + (bias ? "bias" : "kernel")
                : (kind == HeadKind.QuestionAnswering ? "cls/squad/" : "") + (bias ? "output_bias" : "output_weights");
        }
        if (!SplitLayer(canonical, out int layer, out string part))
            return Find(canonical).TensorFlow;
        string scope = ArchitectureTraits.Of(architecture).TensorFlowScope;
        return string.Create(CultureInfo.InvariantCulture, $"{scope}/encoder/layer_{layer}/{Find(part).TensorFlow}");
    }

    /// <summary>Whether a canonical name is that of a head's tensor.</summary>
    public static bool IsHead(string canonical) => canonical.StartsWith("head.", StringComparison.Ordinal);

    /// <summary>Whether a canonical name is that of a tensor of the masked LM, but for a matrix of its own.</summary>
    public static bool IsMaskedLm(string canonical) => canonical.StartsWith("mlm.", StringComparison.Ordinal);

    /// <summary>The names of a part, or of the bias, γ or β that belongs to it.</summary>
    private static (string Torch, string TensorFlow) Find(string part)
    {
        if (Names.TryGetValue(part, out (string Torch, string TensorFlow) names))
            return names;
        int dot = part.LastIndexOf('.');
        (string torch, string tensorFlow) = Names[part[..dot]];
        return part[dot..] switch
        {
            ".gamma" => (torch + ".weight", tensorFlow + "/gamma"),
            ".beta" => (torch + ".bias", tensorFlow + "/beta"),
            _ => (torch[..torch.LastIndexOf('.')] + ".bias", tensorFlow[..tensorFlow.LastIndexOf('/')] + "/bias"),
        };
    }

    /// <summary>Splits <c>layers.{i}.{part}</c>.</summary>
    public static bool SplitLayer(string canonical, out int layer, out string part)
    {
        string[] parts = canonical.Split('.', 3);
        bool isLayer = parts is ["layers", _, _];
        layer = isLayer ? int.Parse(parts[1], CultureInfo.InvariantCulture) : -1;
        part = isLayer ? parts[2] : canonical;
        return isLayer;
    }
}
