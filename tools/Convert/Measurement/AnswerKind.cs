using GauRuntime.Answers;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Measurement;

/// <summary>What two models of the same weights are compared in.</summary>
internal enum AnswerKind
{
    /// <summary>The probabilities of the labels of a text.</summary>
    Labels,
    /// <summary>The score of a cross-encoder, or of another model whose head has one output.</summary>
    Score,
    /// <summary>The vector of a text, as the model's file says how to make it, else the mean.</summary>
    Vector,
    /// <summary>Words for masked characters.</summary>
    Masks,
}

/// <summary>Tells the kind of a model.</summary>
internal static class AnswerKinds
{
    /// <summary>What a model is there for.</summary>
    public static AnswerKind Of(GauModel model) => model.Head switch
    {
        var head when ScoreHead.Fault(head) is null
            && (head.ScoreActivation is not null || head.ProblemType != ProblemType.MultiLabel) => AnswerKind.Score,
        { Kind: HeadKind.SequenceClassification } => AnswerKind.Labels,
        _ when model.Embedding is null && model.Config.HasMaskedLm => AnswerKind.Masks,
        _ => AnswerKind.Vector,
    };

    /// <summary>What turns texts into tokens, prompts and pairs included, and answers.</summary>
    public static AnswerHead Head(GauModel model) => Of(model) switch
    {
        AnswerKind.Labels => new LabelHead(model),
        AnswerKind.Score => new ScoreHead(model, raw: false),
        _ => new VectorHead(model, new EmbedderOptions()),
    };
}
