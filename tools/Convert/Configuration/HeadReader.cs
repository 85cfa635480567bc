using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Configuration;

/// <summary>What the tensors of a checkpoint tell about its head.</summary>
/// <param name="Kind">The container.</param>
/// <param name="HasClassifier">Tensors of a classifier, or a fine-tuned Keras layer, are there.</param>
/// <param name="HasQuestionAnswering">Tensors <c>qa_outputs</c> are there.</param>
/// <param name="KerasOutputs">Width of the fine-tuned Keras layer; null without one.</param>
internal sealed record HeadEvidence(
    CheckpointKind Kind, bool HasClassifier, bool HasQuestionAnswering, int? KerasOutputs);

/// <summary>Reads what stands on top of the encoder.</summary>
internal static class HeadReader
{
    /// <summary>Reads a configuration.</summary>
    /// <param name="config">The file.</param>
    /// <param name="encoder">The encoder's configuration.</param>
    /// <param name="evidence">What the tensors show.</param>
    /// <param name="given">Labels from <c>--labels</c>; null without.</param>
    /// <param name="segments">Segment ids of pairs.</param>
    /// <exception cref="Weights.GauFormatException">Its kind, or one of its switches, is not supported.</exception>
    public static HeadConfig Read(
        ConfigFile config, ModelConfig encoder, HeadEvidence evidence, LabelList? given, SegmentPolicy segments)
    {
        HeadKind kind = ReadKind(config, encoder.Architecture, evidence);
        bool gau = encoder.Architecture == Architecture.GauAlpha;
        bool keras = evidence.Kind == CheckpointKind.Keras;
        bool sequence = kind == HeadKind.SequenceClassification;
        bool summary = !keras && (kind == HeadKind.MultipleChoice || (sequence && gau));
        // port-R's sequence classifier brings its own dense layer with the encoder's activation.
        bool ownDense = !keras && sequence && !gau;
        IReadOnlyList<string> labels = kind switch
        {
            HeadKind.MaskedLm or HeadKind.MultipleChoice => [],
            HeadKind.QuestionAnswering => QuestionLabels(config, gau),
            _ => Labels.Read(config, given, evidence.KerasOutputs),
        };
        return new HeadConfig
        {
            Kind = kind,
            Labels = labels,
            Pooling = summary ? ReadPooling(config) : Pooling.First,
            HasDense = ownDense
                || (summary && HasProjection(config, encoder, kind == HeadKind.MultipleChoice ? 2 : labels.Count)),
            DenseActivation = ownDense ? encoder.HiddenAct : summary ? SummaryActivation(config) : Activation.Identity,
            ProblemType = sequence ? ReadProblem(config, labels.Count) : ProblemType.SingleLabel,
            Segments = segments,
        };
    }

    private static HeadKind ReadKind(ConfigFile config, Architecture encoder, HeadEvidence evidence)
    {
        string? name = config.Texts("architectures") is [var first, ..] ? first : null;
        HeadKind? named = name is null ? null : NamedKind(config, name, encoder);
        if (evidence.Kind == CheckpointKind.TensorFlow && named is not (null or HeadKind.MaskedLm))
            throw config.Fault("architectures", $"'{name}', but TensorFlow checkpoints of these models hold no head");
        // A fine-tuned Keras file usually lies beside the configuration of the model it was made from.
        if (evidence.KerasOutputs is not null && (named is null or HeadKind.MaskedLm))
            return HeadKind.SequenceClassification;
        if (named is not null) return named.Value;
        if (evidence.HasQuestionAnswering) return HeadKind.QuestionAnswering;
        if (evidence.HasClassifier)
            throw config.Fault("architectures", "missing: the tensors cannot tell a sequence from a token classifier");
        return HeadKind.MaskedLm;
    }

    private static HeadKind NamedKind(ConfigFile config, string name, Architecture encoder)
    {
        string prefix = encoder == Architecture.GauAlpha ? "GAUAlpha" : "RoFormer";
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
            throw config.Fault(
                "architectures",
                $"'{name}' is no {EncoderConfig.Name(encoder)} model, whose names begin with {prefix}");
        return name[prefix.Length..] switch
        {
            "Model" or "ForMaskedLM" => HeadKind.MaskedLm,
            "ForSequenceClassification" => HeadKind.SequenceClassification,
            "ForTokenClassification" => HeadKind.TokenClassification,
            "ForMultipleChoice" => HeadKind.MultipleChoice,
            "ForQuestionAnswering" => HeadKind.QuestionAnswering,
            _ => throw config.Fault("architectures", $"'{name}' is not supported"),
        };
    }

    private static string[] QuestionLabels(ConfigFile config, bool gau)
    {
        // port-R forces two outputs whatever the file says.
        if (gau && Labels.Count(config) is { } count and not 2)
            throw config.Fault("num_labels", $"{count}; question answering has 2 outputs, start and end");
        return ["start", "end"];
    }

    private static Pooling ReadPooling(ConfigFile config) => config.Text("summary_type") switch
    {
        null or "last" => Pooling.Last,
        "first" => Pooling.First,
        "mean" => Pooling.Mean,
        { } other => throw config.Fault("summary_type", $"'{other}' is not supported, only first, last and mean"),
    };

    private static bool HasProjection(ConfigFile config, ModelConfig encoder, int labels)
    {
        if (config.Flag("summary_use_proj") != true) return false;
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

    private static ProblemType ReadProblem(ConfigFile config, int labels) => config.Text("problem_type") switch
    {
        null => labels == 1 ? ProblemType.Regression : ProblemType.SingleLabel,
        "single_label_classification" => ProblemType.SingleLabel,
        "multi_label_classification" => ProblemType.MultiLabel,
        "regression" when labels == 1 => ProblemType.Regression,
        "regression" => throw config.Fault("problem_type", $"regression has 1 output, not {labels}"),
        { } other => throw config.Fault("problem_type", $"'{other}' is not supported"),
    };
}
