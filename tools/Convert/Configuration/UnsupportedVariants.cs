using GauRuntime.Convert.Names;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Configuration;

/// <summary>Switches of a configuration that make another model of an encoder, which is not computed.</summary>
internal static class UnsupportedVariants
{
    private const string Positions = "max_position_embeddings";

    /// <summary>Refuses what is not computed, by name.</summary>
    /// <exception cref="Weights.GauFormatException">There is such a switch.</exception>
    public static void Refuse(ConfigFile config, ArchitectureTraits found)
    {
        if (config.Flag("rotary_value") == true && !found.HasVariants)
            throw config.Fault("rotary_value", $"true is not supported for {found.Title}");
        if (config.Text("position_embedding_type") is { } positions && positions != "absolute")
            throw config.Fault("position_embedding_type", $"'{positions}' is not supported, only absolute");
        if (config.Flag("use_relative_position") == true)
            throw config.Fault("use_relative_position", "true: relative positions, as NEZHA has, are not supported");
        if (found.LearnsPositions && ForeignModel.OfSizes(
            config.Integer("pad_token_id", int.MinValue, int.MaxValue),
            config.Integer("type_vocab_size", int.MinValue, int.MaxValue),
            config.Integer(Positions, int.MinValue, int.MaxValue)) is { } reason)
            throw config.Fault(Positions, reason);
        foreach (string key in (string[])["is_decoder", "add_cross_attention"])
            if (config.Flag(key) == true)
                throw config.Fault(key, "true: decoders are not supported");
        foreach (string key in (string[])["quantization_config", "auto_map"])
            if (config.Object(key) is not null)
                throw config.Fault(key, key == "auto_map"
                    ? "a model with code of its own, which is never run"
                    : "quantized weights are not read, convert the checkpoint that they were made from");
        if (config.Object("pruned_heads") is { } pruned && pruned.Keys.Any())
            throw config.Fault("pruned_heads", "pruned heads are not supported");
        if (config.Text("pooler_activation") is { } pooler && pooler != "tanh")
            throw config.Fault("pooler_activation", $"'{pooler}' is not supported, only tanh");
        RefuseOtherRoFormer(config, found);
    }

    /// <summary>The two versions of RoFormer share a name, and differ in norms and biases.</summary>
    private static void RefuseOtherRoFormer(ConfigFile config, ArchitectureTraits found)
    {
        string? norm = config.Text("norm_type");
        bool? bias = config.Flag("use_bias");
        if (found.HasLayerNorm)
        {
            if (norm is not (null or "layer_norm"))
                throw config.Fault(
                    "norm_type", $"'{norm}', but the checkpoint has norms with weights, as layer_norm has");
            if (bias == false)
                throw config.Fault("use_bias", $"false, but the checkpoint is {found.Title}, which has biases");
        }
        else if (norm is "layer_norm")
        {
            throw config.Fault(
                "norm_type", $"layer_norm, but the checkpoint is {found.Title}, without weights of norms");
        }
        if (found.Layer == LayerKind.GatedAttention)
            return;
        if (config.Flag("attention_scale") == false)
            throw config.Fault("attention_scale", $"false is not supported for {found.Title}");
        if (config.Text("normalization") is not (null or "softmax"))
            throw config.Fault("normalization", $"{found.Title} knows only softmax");
        if (found.HasLayerNorm)
            return;
        if (bias == true)
            throw config.Fault("use_bias", $"true, but the checkpoint is {found.Title}, which has no biases");
        if (!config.IsHuggingFace)
            return;
        if (norm is null)
            throw config.Fault("norm_type", $"missing, which means layer_norm, but the checkpoint is {found.Title}");
        if (bias is null)
            throw config.Fault("use_bias", $"missing, which means true, but the checkpoint is {found.Title}");
    }
}
