using GauRuntime.Convert.Names;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Configuration;

/// <summary>Reads what the forward pass needs from either style of configuration.</summary>
internal static class EncoderConfig
{
    public const double PortEps = 1e-12;
    public const double KerasEps = 1e-7;
    public const int KerasMinKeys = 16;
    private const int MaxWidth = 65_536;
    private const int UsualPositions = 512;

    /// <summary>Reads a configuration.</summary>
    /// <param name="config">The file.</param>
    /// <param name="found">The architecture that the tensor names show; the file may leave it out.</param>
    /// <param name="dialect">Whose rules to follow.</param>
    /// <exception cref="Weights.GauFormatException">A value is missing, absurd, or not supported.</exception>
    public static ModelConfig Read(ConfigFile config, Architecture found, Dialect dialect)
    {
        ArchitectureTraits traits = ArchitectureTraits.Of(found);
        RequireType(config, traits);
        UnsupportedVariants.Refuse(config, traits);
        int hidden = config.Required(1, MaxWidth, "hidden_size");
        int vocabulary = config.Required(1, 10_000_000, "vocab_size");
        int heads = traits.OneHead ? 1 : config.Required(1, MaxWidth, "num_attention_heads");
        if (hidden % heads != 0)
            throw config.Fault("num_attention_heads", $"hidden_size {hidden} is no multiple of {heads}");
        ModelConfig model = new()
        {
            Architecture = found,
            VocabSize = vocabulary,
            HiddenSize = hidden,
            IntermediateSize = config.Required(1, 1 << 20, "intermediate_size"),
            LayerCount = config.Required(1, 1000, "num_hidden_layers"),
            KeySize = traits.OneHead ? GauKey(config, hidden) : HeadKey(config, hidden / heads),
            HeadCount = heads,
            EmbeddingSize = EmbeddingSize(config, traits, hidden),
            PositionCount = traits.LearnsPositions ? Positions(config) : 0,
            RotaryValue = config.Flag("rotary_value") ?? false,
            SegmentCount = config.Integer("segment_vocab_size", 0, MaxWidth)
                ?? config.Integer("type_vocab_size", 0, MaxWidth) ?? 2,
            HiddenAct = HiddenAct(config, traits, dialect),
            Normalization = ReadNormalization(config, traits.DefaultNormalization),
            AttentionScale = config.Flag("attention_scale") ?? true,
            UseBias = config.Flag("use_bias") ?? traits.Biases == BiasUse.Always,
            Eps = Eps(config, traits, dialect),
            MaskedLmEps = dialect == Dialect.Keras && traits.TransformsMaskedLm && !traits.LearnsPositions
                ? PortEps : null,
            MinKeys = dialect == Dialect.Keras ? KerasMinKeys : 1,
            FirstAlwaysKey = dialect == Dialect.Keras,
            PadTokenId = config.Integer("pad_token_id", 0, vocabulary - 1) ?? 0,
            Dialect = dialect,
        };
        return model.Fault() is { } fault ? throw new Weights.GauFormatException(config.Path, "sizes", fault) : model;
    }

    /// <summary>Refuses an encoder that is not computed, however its tensors are called.</summary>
    /// <exception cref="Weights.GauFormatException">The file names one.</exception>
    public static void RequireKnown(ConfigFile config)
    {
        if (config.Text("model_type") is { } type && ArchitectureTraits.All.All(entry => entry.ModelType != type))
            throw config.Fault("model_type", ForeignModel.OfType(type));
        if (config.Texts("architectures") is [var name, ..] && ForeignModel.OfClass(name) is { } reason)
            throw config.Fault("architectures", reason);
    }

    private static void RequireType(ConfigFile config, ArchitectureTraits found)
    {
        if (config.Text("model_type") is { } type && type != found.ModelType)
            throw config.Fault("model_type", $"'{type}', but the checkpoint's tensors are those of {found.Title}");
    }

    /// <summary>Width of the embeddings; null: that of the hidden states.</summary>
    private static int? EmbeddingSize(ConfigFile config, ArchitectureTraits traits, int hidden)
    {
        const string key = "embedding_size";
        // Hugging Face's BERT does not read it.
        if (traits.LearnsPositions && config.IsHuggingFace)
            return null;
        int? size = config.Integer(key, 1, int.MaxValue);
        if (size is null || size == hidden)
            return null;
        return traits.HasVariants ? config.Integer(key, 1, MaxWidth) : throw config.Fault(
            key, $"{size} differs from hidden_size {hidden}; such models are not supported");
    }

    /// <summary>Rows of the learned positions: Hugging Face's name, bert4keras' name, or the usual number.</summary>
    private static int Positions(ConfigFile config)
    {
        const int least = HeadConfig.LeastTokens, most = HeadConfig.MostTokens;
        return config.Integer("max_position_embeddings", least, most)
            ?? config.Integer("max_position", least, most) ?? UsualPositions;
    }

    private static int GauKey(ConfigFile config, int hidden)
    {
        const string key = "attention_key_size";
        int? size = config.Integer(key, 1, MaxWidth);
        if (size is null && config.IsHuggingFace)
            size = 128;
        size ??= config.Integer("attention_head_size", 1, MaxWidth);
        if (size is null && config.Integer("num_attention_heads", 1, MaxWidth) is { } heads)
            size = hidden / heads;
        return Even(config, key, size ?? throw config.Fault(key, "missing"));
    }

    private static int HeadKey(ConfigFile config, int headSize)
    {
        if (config.Integer("attention_head_size", 1, MaxWidth) is { } size && size != headSize)
            throw config.Fault("attention_head_size", $"{size} is not hidden_size / num_attention_heads = {headSize}");
        return Even(config, "attention_key_size", config.Integer("attention_key_size", 1, MaxWidth) ?? headSize);
    }

    private static int Even(ConfigFile config, string key, int size) =>
        size % 2 == 0 ? size : throw config.Fault(key, $"the key size {size} is odd; rotary positions need pairs");

    private static Activation HiddenAct(ConfigFile config, ArchitectureTraits traits, Dialect dialect)
    {
        IReadOnlyList<string>? names = config.TextOrTexts("hidden_act");
        string? name = names is null or { Count: 1 } ? names?[0] : throw config.Fault(
            "hidden_act", $"'{string.Join(", ", names)}', a gated feed-forward network, is not supported");
        Activation? found = name switch
        {
            null when traits.DefaultActivation is not null && (config.IsHuggingFace || traits.HasLayerNorm) =>
                traits.DefaultActivation,
            null => throw config.Fault("hidden_act", "missing"),
            "swish" or "silu" => Activation.Swish,
            "relu" => Activation.Relu,
            // What Google's program computes under this name since 2019.
            "gelu" when dialect == Dialect.Google => Activation.GeluTanh,
            "gelu" or "gelu_python" or "gelu_erf" => Activation.Gelu,
            "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" or "gelu_tanh" => Activation.GeluTanh,
            "tanh" => Activation.Tanh,
            "linear" => Activation.Identity,
            _ => null,
        };
        if (found is { } activation && traits.Activations.Contains(activation))
            return activation;
        string supported = traits.HasLayerNorm
            ? "gelu, gelu_new and their other names, relu, swish, silu, tanh and linear" : "swish, silu and relu";
        throw config.Fault("hidden_act", $"'{name}' is not supported, only {supported}");
    }

    private static Normalization ReadNormalization(ConfigFile config, Normalization usual) =>
        config.Text("normalization") switch
        {
            null => usual,
            "softmax_plus" => Normalization.SoftmaxPlus,
            "softmax" => Normalization.Softmax,
            "squared_relu" => Normalization.SquaredRelu,
            { } other => throw config.Fault(
                "normalization", $"'{other}' is not supported, only softmax_plus, softmax and squared_relu"),
        };

    private static double Eps(ConfigFile config, ArchitectureTraits traits, Dialect dialect)
    {
        // bert4keras has this in the norms of BERT, and Google everywhere.
        if (dialect == Dialect.Google || (dialect == Dialect.Keras && traits.LearnsPositions))
            return PortEps;
        if (dialect == Dialect.Keras)
            return KerasEps;
        double eps = config.Number("layer_norm_eps") ?? PortEps;
        return eps is > 0 and < 1 ? eps : throw config.Fault("layer_norm_eps", $"{eps} is not between 0 and 1");
    }
}
