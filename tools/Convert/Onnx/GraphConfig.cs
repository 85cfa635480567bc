using System.Globalization;
using GauRuntime.Convert.Configuration;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Onnx;

/// <summary>The configuration of a model, as its exported graph tells it.</summary>
internal static class GraphConfig
{
    private const string Word = "embeddings.word_embeddings.weight";
    private const string Position = "embeddings.position_embeddings.weight";
    private const string Segment = "embeddings.token_type_embeddings.weight";
    private const string Intermediate = "encoder.layer.0.intermediate.dense.bias";

    /// <summary>A configuration in Hugging Face's words, where no file says it.</summary>
    /// <exception cref="GauFormatException">The graph is no BERT, or something cannot be told from it.</exception>
    public static ConfigFile Read(OnnxCheckpoint export)
    {
        IReadOnlyList<TensorEntry> tensors = export.Tensors;
        if (Shape(tensors, Position) is not [var positions, var hidden])
            throw Untold(export, "what model this is: it has no learned positions, as BERT has");
        if (Shape(tensors, Word) is not [var vocabulary, _])
            throw Untold(export, "the vocabulary: it has no word embedding");
        if (Shape(tensors, Intermediate) is not [var intermediate])
            throw Untold(export, "the width of the feed-forward network");
        GraphFacts facts = GraphFacts.Read(export);
        const int mostLayers = 1000;
        int layers = 0;
        while (layers <= mostLayers && tensors.Any(entry => entry.Name.EndsWith(
            string.Create(CultureInfo.InvariantCulture, $"encoder.layer.{layers}.intermediate.dense.bias"),
            StringComparison.Ordinal)))
            layers++;
        long segments = Shape(tensors, Segment) is [var rows, _] ? rows : 0;
        return ConfigFile.Of(export.Path, JsonText.Of(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("model_type", "bert");
            writer.WriteStartArray("architectures");
            writer.WriteStringValue("Bert" + facts.Head);
            writer.WriteEndArray();
            writer.WriteNumber("vocab_size", vocabulary);
            writer.WriteNumber("hidden_size", hidden);
            writer.WriteNumber("num_hidden_layers", layers);
            writer.WriteNumber("num_attention_heads",
                facts.Heads ?? throw Untold(export, "the number of attention heads"));
            writer.WriteNumber("intermediate_size", intermediate);
            writer.WriteNumber("max_position_embeddings", positions);
            writer.WriteNumber("type_vocab_size", segments);
            writer.WriteNumber("layer_norm_eps", facts.Eps ?? throw Untold(export, "epsilon of the norms"));
            writer.WriteString("hidden_act",
                facts.HiddenAct is { } activation ? NameOf(activation) : throw Untold(export, "the activation"));
            writer.WriteEndObject();
        }));
    }

    /// <summary>Refuses a configuration that says otherwise than the graph which lies beside it.</summary>
    /// <exception cref="GauFormatException">It does.</exception>
    public static void RequireAgreement(OnnxCheckpoint export, ConfigFile config, ModelConfig encoder)
    {
        GraphFacts facts = GraphFacts.Read(export);
        if (facts.Heads is { } heads && heads != encoder.HeadCount)
            throw config.Fault("num_attention_heads",
                $"{encoder.HeadCount}, but the graph has {heads} heads: this is another model's configuration");
        if (facts.HiddenAct is { } activation && activation != encoder.HiddenAct)
            throw config.Fault("hidden_act", $"{NameOf(encoder.HiddenAct)}, but the graph computes "
                + NameOf(activation));
        // A graph of float16 has not room for every epsilon.
        if (facts is { Eps: { } eps, IsHalf: false } && Math.Abs(eps - encoder.Eps) > 1e-3 * encoder.Eps)
            throw config.Fault("layer_norm_eps", string.Create(
                CultureInfo.InvariantCulture, $"{encoder.Eps}, but the graph computes with {eps}"));
    }

    /// <summary>What Hugging Face calls an activation.</summary>
    private static string NameOf(Activation activation) => activation switch
    {
        Activation.Identity => "linear",
        Activation.GeluTanh => "gelu_new",
        _ => JsonName.Of(activation),
    };

    private static IReadOnlyList<long>? Shape(IReadOnlyList<TensorEntry> tensors, string name) =>
        tensors.FirstOrDefault(entry => entry.Name.EndsWith(name, StringComparison.Ordinal))?.Shape;

    private static GauFormatException Untold(OnnxCheckpoint export, string what) =>
        export.Graph.Fault($"no config.json lies beside it, and the graph does not tell {what}: --config names one");
}
