using GauRuntime.Weights.ModelFile;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Models;

/// <summary>What training makes small.</summary>
internal static class Losses
{
    /// <summary>The label of a token that has none: padding, [CLS], [SEP], the rest of a word.</summary>
    public const long NoLabel = -100;

    /// <summary>Masked LM: the mean cross entropy of the targets. Only their rows go through the decoder.</summary>
    /// <param name="model">A model with a masked LM.</param>
    /// <param name="hidden">Hidden states [B, n, h].</param>
    /// <param name="targets">The tokens that were there [B, n]; 0: no target.</param>
    /// <param name="dropout">What is dropped.</param>
    /// <returns>
    /// The loss: sum / (targets + 1e-7), as bert4keras has it; how many targets are the likeliest token; the targets.
    /// </returns>
    public static (Tensor Loss, Tensor Correct, long Targets) MaskedLm(
        TrainableModel model, Tensor hidden, Tensor targets, DropoutRates dropout)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor flat = targets.flatten(), places = flat.nonzero().flatten();
        long count = places.shape[0];
        Tensor labels = flat.index_select(0, places);
        Tensor logits = model.MaskedLm(hidden.flatten(0, 1).index_select(0, places), dropout);
        (Tensor loss, Tensor correct) = MaskedLm(logits, labels);
        return (loss.MoveToOuterDisposeScope(), correct.MoveToOuterDisposeScope(), count);
    }

    /// <summary>The same of logits [R, V] and the tokens that were there [R].</summary>
    internal static (Tensor Loss, Tensor Correct) MaskedLm(Tensor logits, Tensor labels) => (
        nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.Sum) / (labels.shape[0] + 1e-7),
        logits.detach().argmax(-1).eq(labels).sum());

    /// <summary>The loss of a head.</summary>
    /// <param name="head">The head.</param>
    /// <param name="logits">What it says, shaped as <see cref="TrainableModel.Head"/> gives it.</param>
    /// <param name="labels">
    /// What is true. Texts: the label [B], 0 and 1 of each label [B, labels] where there may be several, or the number
    /// [B]. Tokens: the label or <see cref="NoLabel"/> [B, n]. Choices: the right one [B / choices]. Spans: first and
    /// last token [B, 2]. int64, but for several labels and numbers.
    /// </param>
    /// <param name="batch">The texts.</param>
    public static Tensor Head(HeadConfig head, Tensor logits, Tensor labels, TokenBatch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        return (head.Kind switch
        {
            HeadKind.TokenClassification => OfTokens(logits, labels),
            HeadKind.QuestionAnswering => OfSpans(logits, labels, batch),
            HeadKind.SequenceClassification when head.ProblemType == ProblemType.MultiLabel =>
                MultiLabel(logits, labels),
            HeadKind.SequenceClassification when head.ProblemType == ProblemType.Regression =>
                nn.functional.mse_loss(logits.flatten(), labels.to(logits.dtype)),
            HeadKind.MaskedLm => throw new ArgumentException("a masked LM is no head", nameof(head)),
            _ => nn.functional.cross_entropy(logits, labels),
        }).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// log(1 + Σ e^s of labels that are not true) + log(1 + Σ e^−s of those that are), the mean over texts.
    /// </summary>
    /// <remarks>
    /// bert4keras backend.py, <c>multilabel_categorical_crossentropy</c>: a label is chosen where s is above 0.
    /// </remarks>
    internal static Tensor MultiLabel(Tensor scores, Tensor labels)
    {
        Tensor right = labels.ne(0), none = zeros([scores.shape[0], 1], scores.dtype, scores.device);
        return (Excess(scores, right) + Excess(-scores, right.logical_not())).mean();

        // log(1 + Σ eˣ) of what is not left out.
        Tensor Excess(Tensor x, Tensor leftOut) =>
            cat([x.masked_fill(leftOut, double.NegativeInfinity), none], 1).logsumexp(1);
    }

    private static Tensor OfTokens(Tensor logits, Tensor labels)
    {
        Tensor sum = nn.functional.cross_entropy(
            logits.flatten(0, 1), labels.flatten(), ignore_index: NoLabel, reduction: nn.Reduction.Sum);
        return sum / labels.ne(NoLabel).sum().clamp_min(1);   // no label at all: no loss
    }

    /// <summary>The mean of the losses of first and last token, among the tokens of each text.</summary>
    private static Tensor OfSpans(Tensor logits, Tensor labels, TokenBatch batch)
    {
        Tensor ends = logits.masked_fill(batch.Mask.logical_not().unsqueeze(2), double.NegativeInfinity);
        return nn.functional.cross_entropy(ends, labels);   // [B, n, 2] and [B, 2]: the mean over both
    }
}
