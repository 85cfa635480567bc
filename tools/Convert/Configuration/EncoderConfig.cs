using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Configuration;

/// <summary>Reads what the forward pass needs from either style of configuration.</summary>
internal static class EncoderConfig
{
    public const double PortEps = 1e-12;
    public const double KerasEps = 1e-7;
    public const int KerasMinKeys = 16;
    private const int MaxWidth = 65_536;

    /// <summary>Reads a configuration.</summary>
    /// <param name="config">The file.</param>
    /// <param name="found">The architecture that the tensor names show; the file may leave it out.</param>
    /// <param name="dialect">Whose rules to follow.</param>
    /// <exception cref="Weights.GauFormatException">A value is missing, absurd, or not supported.</exception>
    public static ModelConfig Read(ConfigFile config, Architecture found, Dialect dialect)
    {
        RequireArchitecture(config, found);
        Refuse(config, found);
        int hidden = config.Required(1, MaxWidth, "hidden_size");
        if (config.Integer("embedding_size", 1, int.MaxValue) is { } embedding && embedding != hidden)
            throw config.Fault(
                "embedding_size", $"{embedding} differs from hidden_size {hidden}; such models are not supported");
        int vocabulary = config.Required(1, 10_000_000, "vocab_size");
        ArchitectureTraits traits = ArchitectureTraits.Of(found);
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
            SegmentCount = config.Integer("segment_vocab_size", 0, MaxWidth)
                ?? config.Integer("type_vocab_size", 0, MaxWidth) ?? 2,
            HiddenAct = HiddenAct(config, traits.DefaultActivation),
            Normalization = ReadNormalization(config, traits.DefaultNormalization),
            AttentionScale = config.Flag("attention_scale") ?? true,
            UseBias = config.Flag("use_bias") ?? false,
            Eps = dialect == Dialect.Keras ? KerasEps : Eps(config),
            MinKeys = dialect == Dialect.Keras ? KerasMinKeys : 1,
            FirstAlwaysKey = dialect == Dialect.Keras,
            PadTokenId = config.Integer("pad_token_id", 0, vocabulary - 1) ?? 0,
            Dialect = dialect,
        };
        return model.Fault() is { } fault ? throw new Weights.GauFormatException(config.Path, "sizes", fault) : model;
    }

    private static void RequireArchitecture(ConfigFile config, Architecture found)
    {
        string? type = config.Text("model_type");
        if (type is null)
            return;
        ArchitectureTraits named = ArchitectureTraits.All.FirstOrDefault(entry => entry.ModelType == type)
            ?? throw config.Fault(
                "model_type", $"'{type}' is not supported, only gau_alpha and roformer (version 2)");
        if (named.Architecture != found)
            throw config.Fault("model_type",
                $"'{type}', but the checkpoint's tensors are those of {ArchitectureTraits.Of(found).Title}");
    }

    /// <summary>Switches that turn a RoFormerV2 into another model, or that no published model uses.</summary>
    private static void Refuse(ConfigFile config, Architecture found)
    {
        if (config.Flag("rotary_value") == true)
            throw config.Fault("rotary_value", "true is not supported: only queries and keys are rotated");
        string? norm = config.Text("norm_type");
        bool? bias = config.Flag("use_bias");
        if (norm is "layer_norm")
            throw config.Fault("norm_type", "layer_norm (RoFormer version 1) is not supported");
        if (found != Architecture.RoFormerV2)
            return;
        if (bias == true)
            throw config.Fault("use_bias", "true (RoFormer version 1) is not supported");
        if (config.Flag("attention_scale") == false)
            throw config.Fault("attention_scale", "false is not supported for RoFormerV2");
        if (config.Text("normalization") is not (null or "softmax"))
            throw config.Fault("normalization", "RoFormerV2 knows only softmax");
        if (!config.IsHuggingFace)
            return;
        if (norm is null)
            throw config.Fault("norm_type", "missing, which means layer_norm: RoFormer version 1 is not supported");
        if (bias is null)
            throw config.Fault("use_bias", "missing, which means true: RoFormer version 1 is not supported");
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

    private static Activation HiddenAct(ConfigFile config, Activation? usual)
    {
        string? name = config.Text("hidden_act");
        if (name is null && config.IsHuggingFace && usual is not null)
            return usual.Value;
        return name switch
        {
            "swish" or "silu" => Activation.Swish,
            "relu" => Activation.Relu,
            null => throw config.Fault("hidden_act", "missing"),
            _ => throw config.Fault("hidden_act", $"'{name}' is not supported, only swish, silu and relu"),
        };
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

    private static double Eps(ConfigFile config)
    {
        double eps = config.Number("layer_norm_eps") ?? PortEps;
        return eps is > 0 and < 1 ? eps : throw config.Fault("layer_norm_eps", $"{eps} is not between 0 and 1");
    }
}
