using GauRuntime.Convert.Configuration;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Pretraining;

/// <summary>What the command line says of the encoder; null: nothing.</summary>
internal sealed record ModelSizes
{
    private const int UsualHidden = 256, UsualGauLayers = 8, UsualLayers = 4, UsualHead = 64;

    public Architecture? Architecture { get; init; }
    public int? Layers { get; init; }
    public int? Hidden { get; init; }
    public int? Intermediate { get; init; }
    public int? Heads { get; init; }
    public int? KeySize { get; init; }

    /// <summary>A new encoder: what is not said is as in the model inside gau, or in proportion.</summary>
    /// <param name="vocabulary">Tokens.</param>
    /// <param name="maxLength">Tokens of a text: the positions that are learned, where any are.</param>
    /// <exception cref="ToolException">No encoder has these sizes.</exception>
    public ModelConfig Create(int vocabulary, int maxLength)
    {
        ArchitectureTraits traits = ArchitectureTraits.Of(
            Architecture ?? Weights.ModelFile.Architecture.GauAlpha);
        if (traits.OneHead && Heads is not null)
            throw Refusal($"--heads: {traits.Title} has one head");
        int hidden = Hidden ?? UsualHidden, heads = traits.OneHead ? 1 : Heads ?? Math.Max(1, hidden / UsualHead);
        ModelConfig config = new()
        {
            Architecture = traits.Architecture,
            VocabSize = vocabulary,
            HiddenSize = hidden,
            IntermediateSize = Intermediate ?? (traits.OneHead ? 2 : 4) * hidden,
            LayerCount = Layers ?? (traits.OneHead ? UsualGauLayers : UsualLayers),
            KeySize = KeySize ?? (traits.OneHead ? UsualHead : hidden / heads),
            HeadCount = heads,
            SegmentCount = 2,
            PositionCount = traits.LearnsPositions ? maxLength : 0,
            HiddenAct = traits.DefaultActivation ?? Activation.Relu,
            Normalization = traits.DefaultNormalization,
            AttentionScale = true,
            UseBias = traits.Biases == BiasUse.Always,
            MaskedLmTransform = traits.TransformsMaskedLm,
            Eps = EncoderConfig.PortEps,
            MinKeys = 1,
            FirstAlwaysKey = false,
            PadTokenId = 0,
            Dialect = Dialect.Port,
        };
        return config.Fault() is { } fault ? throw Refusal(fault) : config;
    }

    /// <summary>The encoder of a <c>config.json</c>, which has to fit all that is said.</summary>
    /// <param name="path">The file.</param>
    /// <param name="vocabulary">Tokens.</param>
    /// <exception cref="GauFormatException">The file is malformed, or says something else.</exception>
    public ModelConfig Read(string path, int vocabulary)
    {
        ConfigFile file = ConfigFile.Read(path);
        EncoderConfig.RequireKnown(file);
        ArchitectureTraits traits = Recognise(file);
        ModelConfig config = EncoderConfig.Read(file, traits.Architecture, Dialect.Port) with
        {
            MaskedLmTransform = traits.TransformsMaskedLm,
        };
        if (config.VocabSize != vocabulary)
            throw file.Fault("vocab_size", $"{config.VocabSize}, but the vocabulary has {vocabulary} tokens");
        RequireSame(path, config);
        return config;
    }

    /// <summary>Refuses an encoder that is not as the command line says.</summary>
    /// <param name="path">Where it comes from.</param>
    /// <param name="config">The encoder.</param>
    /// <exception cref="GauFormatException">It is another.</exception>
    public void RequireSame(string path, ModelConfig config)
    {
        if (Architecture is { } architecture && architecture != config.Architecture)
            throw new GauFormatException(
                path, "architecture", $"this is {config.Traits.Title}, and --architecture says "
                    + ArchitectureTraits.Of(architecture).Title);
        foreach ((string option, int? said, int found) in ((string, int?, int)[])
            [
                ("--layers", Layers, config.LayerCount), ("--hidden", Hidden, config.HiddenSize),
                ("--intermediate", Intermediate, config.IntermediateSize), ("--heads", Heads, config.HeadCount),
                ("--key-size", KeySize, config.KeySize),
            ])
            if (said is { } size && size != found)
                throw new GauFormatException(path, "sizes", $"{found}, where {option} says {size}");
    }

    // The names of the classes tell RoFormer and RoFormerV2 apart no more than model_type does.
    private ArchitectureTraits Recognise(ConfigFile file)
    {
        if (Architecture is { } said)
            return ArchitectureTraits.Of(said);
        string type = file.Text("model_type")
            ?? throw file.Fault("model_type", "missing; --architecture says it too");
        ArchitectureTraits[] found = [.. ArchitectureTraits.All.Where(entry => entry.ModelType == type)];
        return found.Length == 1 ? found[0] : throw file.Fault(
            "model_type",
            $"'{type}' is {string.Join(" or ", found.Select(entry => entry.Title))}: give --architecture");
    }

    private static ToolException Refusal(string reason) => new(ExitCode.Usage, reason);
}
