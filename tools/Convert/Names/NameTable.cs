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
    ];

    private static readonly (string Canonical, string Torch, string TensorFlow)[] Layer =
    [
        ("gau.i_dense", "gau.i_dense.weight", "gau/i_dense/kernel"),
        ("gau.i_dense.bias", "gau.i_dense.bias", "gau/i_dense/bias"),
        ("gau.q_gamma", "gau.q_scaleoffset.weight", "gau/q_scaleoffset/gamma"),
        ("gau.q_beta", "gau.q_scaleoffset.bias", "gau/q_scaleoffset/beta"),
        ("gau.k_gamma", "gau.k_scaleoffset.weight", "gau/k_scaleoffset/gamma"),
        ("gau.k_beta", "gau.k_scaleoffset.bias", "gau/k_scaleoffset/beta"),
        ("gau.o_dense", "gau.o_dense.weight", "gau/o_dense/kernel"),
        ("gau.o_dense.bias", "gau.o_dense.bias", "gau/o_dense/bias"),
        ("attention.query", "attention.self.query.weight", "attention/self/query/kernel"),
        ("attention.key", "attention.self.key.weight", "attention/self/key/kernel"),
        ("attention.value", "attention.self.value.weight", "attention/self/value/kernel"),
        ("attention.output", "attention.output.dense.weight", "attention/output/dense/kernel"),
        ("ffn.intermediate", "intermediate.dense.weight", "intermediate/dense/kernel"),
        ("ffn.output", "output.dense.weight", "output/dense/kernel"),
    ];

    private static readonly Dictionary<string, (string Torch, string TensorFlow)> Names =
        Fixed.Concat(Layer).ToDictionary(
            row => row.Canonical, row => (row.Torch, row.TensorFlow), StringComparer.Ordinal);

    /// <summary>Name below the encoder's prefix in a PyTorch state dict.</summary>
    public static string Torch(string canonical) =>
        SplitLayer(canonical, out int layer, out string part)
            ? string.Create(CultureInfo.InvariantCulture, $"encoder.layer.{layer}.{Names[part].Torch}")
            : Names[canonical].Torch;

    /// <summary>What the name of a part of a layer ends in.</summary>
    public static string Ending(string part, CheckpointKind kind) =>
        kind == CheckpointKind.TensorFlow ? "/" + Names[part].TensorFlow : "." + Names[part].Torch;

    /// <summary>Name in a PyTorch state dict, beside the encoder, of a tensor of a head.</summary>
    public static string TorchHead(string canonical, Architecture architecture, HeadKind kind)
    {
        bool ownDense = kind == HeadKind.SequenceClassification
            && ArchitectureTraits.Of(architecture).Sequences == SequenceHead.OwnDense;
        string suffix = canonical.EndsWith(".bias", StringComparison.Ordinal) ? ".bias" : ".weight";
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
    public static string TensorFlow(string canonical, Architecture architecture)
    {
        if (!SplitLayer(canonical, out int layer, out string part))
            return Names[canonical].TensorFlow;
        string scope = ArchitectureTraits.Of(architecture).TensorFlowScope;
        return string.Create(CultureInfo.InvariantCulture, $"{scope}/encoder/layer_{layer}/{Names[part].TensorFlow}");
    }

    /// <summary>Whether a canonical name is that of a head's tensor.</summary>
    public static bool IsHead(string canonical) => canonical.StartsWith("head.", StringComparison.Ordinal);

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
