using GauRuntime.Convert.Keras;
using GauRuntime.Convert.Names;
using GauRuntime.Tools;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Configuration;

/// <summary>The last tensor of a classifier, and how many outputs it has.</summary>
internal sealed record ClassifierOutputs(string Tensor, int Count);

/// <summary>What the tensors of a checkpoint tell about its head.</summary>
/// <param name="Kind">The container.</param>
/// <param name="HasClassifier">Tensors of a classifier, or fine-tuned Keras layers, are there.</param>
/// <param name="HasQuestionAnswering">Tensors <c>qa_outputs</c> are there.</param>
/// <param name="Outputs">The classifier's outputs; null without one.</param>
/// <param name="Keras">The fine-tuned Keras layers; null without.</param>
internal sealed record HeadEvidence(
    CheckpointKind Kind, bool HasClassifier, bool HasQuestionAnswering, ClassifierOutputs? Outputs, KerasHead? Keras)
{
    /// <summary>The layer of another name than the port's that the user takes for the head; null without.</summary>
    public LinearLayer? Layer { get; init; }
}

/// <summary>Reads what stands on top of the encoder.</summary>
internal static class HeadReader
{
    private const string Summary = "summary_type", Projects = "summary_use_proj";

    /// <summary>
    /// A <c>summary_type</c> of a BERT whose head has another name than the port's: the first token, behind its pooler.
    /// </summary>
    private const string PoolerName = "pooler";

    private const string OrPooler = "pooler (the first token, behind the pooler), ";

    /// <summary>Reads a configuration.</summary>
    /// <param name="config">The file.</param>
    /// <param name="encoder">The encoder's configuration.</param>
    /// <param name="evidence">What the tensors show.</param>
    /// <param name="given">Labels from <c>--labels</c>; null without.</param>
    /// <param name="segments">Segment ids of pairs.</param>
    /// <param name="allowExtra">Whether the user gives up tensors that the model has no place for.</param>
    /// <param name="own">A head that no class of the ports has, which the configuration describes; or null.</param>
    /// <exception cref="Weights.GauFormatException">Its kind, or one of its switches, is not supported.</exception>
    /// <exception cref="ToolException">The labels name nothing.</exception>
    public static HeadConfig Read(
        ConfigFile config, ModelConfig encoder, HeadEvidence evidence, LabelList? given, SegmentPolicy segments,
        bool allowExtra, OwnHead? own)
    {
        if (own is not null)
        {
            own.Require(evidence);
            own.RequireAgreement(Named(config, encoder.Traits));
            RequireLabelled(own.Head.Kind, given);
            return own.Head with
            {
                Labels = given is null ? own.Head.Labels : Labels.Read(config, given, own.Outputs), Segments = segments,
            };
        }
        HeadKind kind = ReadKind(config, encoder.Traits, evidence, allowExtra);
        bool ofItsOwn = encoder.Traits.Sequences == SequenceHead.OwnDense;
        KerasHead? keras = evidence.Keras;
        bool sequence = kind == HeadKind.SequenceClassification;
        bool ofTexts = sequence || kind == HeadKind.MultipleChoice;
        LinearLayer? layer = evidence.Layer;
        bool named = evidence.Kind != CheckpointKind.Keras && ofTexts;
        // What the port's class computes before its classifier says nothing about a layer of another name.
        bool pooler = named && HasPooler(encoder.Traits) && (layer is null || config.Text(Summary) == PoolerName);
        bool summary = named && !pooler && (layer is not null || !BringsLayer(encoder.Traits, kind));
        // port-R's sequence classifier brings its own dense layer with the encoder's activation.
        bool ownDense = evidence.Kind != CheckpointKind.Keras && sequence && ofItsOwn && layer is null;
        if (layer is not null)
            RequireHead(config, kind, layer, encoder.Traits);
        RequireLabelled(kind, given);
        IReadOnlyList<string> labels = kind switch
        {
            HeadKind.MaskedLm or HeadKind.MultipleChoice => [],
            HeadKind.QuestionAnswering => QuestionLabels(config, forced: ofItsOwn),
            _ => Labels.Read(config, given, evidence.Outputs),
        };
        int hidden = (int?)keras?.Hidden?.Outputs ?? encoder.HiddenSize;
        return new HeadConfig
        {
            Kind = kind,
            Labels = labels,
            Pooling = summary ? ReadPooling(config, encoder.Traits) : Pooling.First,
            HasDense = ownDense || pooler || keras?.Hidden is not null
                || (summary && HasProjection(config, encoder, kind == HeadKind.MultipleChoice ? 2 : labels.Count)),
            DenseSize = hidden == encoder.HiddenSize ? null : hidden,
            DenseActivation = ownDense ? encoder.HiddenAct
                : pooler ? Activation.Tanh
                : summary ? SummaryActivation(config) : keras?.HiddenActivation ?? Activation.Identity,
            ProblemType = sequence ? ReadProblem(config, labels.Count, keras) : ProblemType.SingleLabel,
            Segments = segments,
            ScoreActivation = sequence && labels.Count == 1 ? ScoreActivation.Read(config) : null,
        };
    }

    /// <summary>
    /// Whether the configuration names a model with a masked LM, so that one without its tensors is at fault.
    /// </summary>
    public static bool NamesMaskedLm(ConfigFile config) => config.Texts("architectures") is [var name, ..]
        && (name.EndsWith("ForMaskedLM", StringComparison.Ordinal)
            || name.EndsWith("ForPreTraining", StringComparison.Ordinal));

    private static void RequireLabelled(HeadKind kind, LabelList? given)
    {
        if (given is not null && kind is not (HeadKind.SequenceClassification or HeadKind.TokenClassification))
            throw new ToolException(ExitCode.Usage,
                $"--labels names the outputs of a classifier, and this model is {JsonName.Of(kind)}: leave it out.",
                given.Path);
    }

    /// <summary>Nothing but the configuration says what a head of another name than the port's reads.</summary>
    private static void RequireHead(ConfigFile config, HeadKind kind, LinearLayer layer, ArchitectureTraits encoder)
    {
        if (kind == HeadKind.MaskedLm)
            throw new ToolException(ExitCode.Usage,
                "--head-layer names the layer of a head, and this model is masked_lm: leave it out.");
        if (kind is not (HeadKind.SequenceClassification or HeadKind.MultipleChoice))
            return;
        if (!config.Has(Summary))
            throw config.Fault(Summary,
                $"missing, but it says which token {layer.Name} reads: {(HasPooler(encoder) ? OrPooler : "")}"
                + "first, last or mean");
        // Its tensors would have the names of those of the port's class.
        if (BringsLayer(encoder, kind) && config.Flag(Projects) == true)
            throw config.Fault(Projects, $"true is not supported before {layer.Name} of {encoder.Title}");
    }

    private static bool HasPooler(ArchitectureTraits encoder) => encoder.Sequences == SequenceHead.Pooler;

    /// <summary>Whether the port's class has a layer of its own before its classifier, unconfigured.</summary>
    private static bool BringsLayer(ArchitectureTraits encoder, HeadKind kind) => HasPooler(encoder)
        || (kind == HeadKind.SequenceClassification && encoder.Sequences == SequenceHead.OwnDense);

    private static HeadKind ReadKind(
        ConfigFile config, ArchitectureTraits encoder, HeadEvidence evidence, bool allowExtra)
    {
        string? name = NameOf(config);
        HeadKind? named = Named(config, encoder);
        if (evidence.Kind == CheckpointKind.TensorFlow && encoder.Sequences != SequenceHead.Pooler
            && named is not (null or HeadKind.MaskedLm))
            throw config.Fault("architectures", $"'{name}', but TensorFlow checkpoints of these models hold no head");
        // A fine-tuned Keras file usually lies beside the configuration of the model it was made from.
        if (evidence.Keras is { } keras)
            return KerasKind(config, keras, named is HeadKind.MaskedLm ? null : named);
        // The folder of a fine-tuned TensorFlow checkpoint holds the configuration of the model it was made from.
        if (evidence.Kind == CheckpointKind.TensorFlow)
            return named is not (null or HeadKind.MaskedLm) ? named.Value
                : evidence.HasQuestionAnswering ? HeadKind.QuestionAnswering
                : evidence.HasClassifier ? HeadKind.SequenceClassification : HeadKind.MaskedLm;
        bool leftOver = named == HeadKind.MaskedLm && (evidence.HasClassifier || evidence.HasQuestionAnswering);
        if (leftOver && !allowExtra)
            throw config.Fault("architectures",
                $"'{name}', but the checkpoint holds {(evidence.HasClassifier ? "a classifier" : "qa_outputs")}: name "
                + "the architecture that it was trained as, or leave these tensors out with --allow-extra");
        if (named is not null)
            return named.Value;
        if (evidence.HasQuestionAnswering)
            return HeadKind.QuestionAnswering;
        if (evidence.HasClassifier)
            throw config.Fault("architectures", "missing: the tensors cannot tell a sequence from a token classifier");
        return HeadKind.MaskedLm;
    }

    private static HeadKind KerasKind(ConfigFile config, KerasHead keras, HeadKind? named)
    {
        HeadKind? seen = keras.Graph is null ? null
            : keras.Graph.PerToken ? HeadKind.TokenClassification : HeadKind.SequenceClassification;
        HeadKind kind = named ?? seen ?? HeadKind.SequenceClassification;
        bool ofTokens = kind is HeadKind.TokenClassification or HeadKind.QuestionAnswering;
        if (seen == HeadKind.TokenClassification && !ofTokens)
            throw config.Fault("architectures",
                $"a {JsonName.Of(kind)}, but in the checkpoint layer {keras.Output.Name} reads every token");
        if (seen == HeadKind.SequenceClassification && ofTokens)
            throw config.Fault("architectures",
                $"a {JsonName.Of(kind)}, but in the checkpoint layer {keras.Output.Name} reads the first token alone");
        if (keras.Hidden is not null && ofTokens)
            throw config.Fault("architectures",
                $"a {JsonName.Of(kind)} with layer {keras.Hidden!.Name} between encoder and output is not supported");
        return kind;
    }

    private static string? NameOf(ConfigFile config) => config.Texts("architectures") is [var first, ..] ? first : null;

    private static HeadKind? Named(ConfigFile config, ArchitectureTraits encoder) =>
        NameOf(config) is { } name ? NamedKind(config, name, encoder) : null;

    private static HeadKind NamedKind(ConfigFile config, string name, ArchitectureTraits encoder)
    {
        string prefix = encoder.ClassPrefix;
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
            throw config.Fault(
                "architectures",
                $"'{name}' is no {encoder.Title} model, whose names begin with {prefix}");
        return name[prefix.Length..] switch
        {
            "Model" or "ForMaskedLM" or "ForPreTraining" => HeadKind.MaskedLm,
            "ForSequenceClassification" => HeadKind.SequenceClassification,
            "ForTokenClassification" => HeadKind.TokenClassification,
            "ForMultipleChoice" => HeadKind.MultipleChoice,
            "ForQuestionAnswering" => HeadKind.QuestionAnswering,
            _ => throw config.Fault("architectures", $"'{name}' is not supported"),
        };
    }

    private static string[] QuestionLabels(ConfigFile config, bool forced)
    {
        // port-R forces two outputs whatever the file says.
        if (!forced && Labels.Count(config) is { } count and not 2)
            throw config.Fault("num_labels", $"{count}; question answering has 2 outputs, start and end");
        return ["start", "end"];
    }

    private static Pooling ReadPooling(ConfigFile config, ArchitectureTraits encoder) => config.Text(Summary) switch
    {
        null or "last" => Pooling.Last,
        "first" => Pooling.First,
        "mean" => Pooling.Mean,
        { } other => throw config.Fault(Summary,
            $"'{other}' is not supported, only {(HasPooler(encoder) ? OrPooler : "")}first, last and mean"),
    };

    private static bool HasProjection(ConfigFile config, ModelConfig encoder, int labels)
    {
        if (config.Flag(Projects) != true)
            return false;
        if (config.Flag("summary_proj_to_labels") == true && labels != encoder.HiddenSize)
            throw config.Fault("summary_proj_to_labels",
                $"true: a projection to {labels} labels does not fit a classifier of width {encoder.HiddenSize}");
        return true;
    }

    private static Activation SummaryActivation(ConfigFile config) => config.Text("summary_activation") switch
    {
        null or "" => Activation.Identity,
        "tanh" => Activation.Tanh,
        "relu" => Activation.Relu,
        "swish" or "silu" => Activation.Swish,
        { } other =>
            throw config.Fault("summary_activation", $"'{other}' is not supported, only tanh, relu, swish and silu"),
    };

    private static ProblemType ReadProblem(ConfigFile config, int labels, KerasHead? keras)
    {
        ProblemType? stored = keras?.Graph?.Activation switch
        {
            "softmax" => ProblemType.SingleLabel,
            "sigmoid" => ProblemType.MultiLabel,
            _ => null,
        };
        ProblemType? named = NamedProblem(config, labels);
        if (stored is not null && named is not null && stored != named)
            throw config.Fault("problem_type",
                $"{JsonName.Of(named.Value)}, but the checkpoint's layer {keras!.Output.Name} ends in "
                + keras.Graph!.Activation);
        return named ?? stored ?? (labels == 1 ? ProblemType.Regression : ProblemType.SingleLabel);
    }

    private static ProblemType? NamedProblem(ConfigFile config, int labels) => config.Text("problem_type") switch
    {
        null => null,
        "single_label_classification" => ProblemType.SingleLabel,
        "multi_label_classification" => ProblemType.MultiLabel,
        "regression" when labels == 1 => ProblemType.Regression,
        "regression" => throw config.Fault("problem_type", $"regression has 1 output, not {labels}"),
        { } other => throw config.Fault("problem_type", $"'{other}' is not supported"),
    };
}
