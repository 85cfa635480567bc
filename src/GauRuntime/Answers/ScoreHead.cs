using GauRuntime.Heads;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Answers;

/// <summary>A cross-encoder: the one output of a sequence classifier is the score of a pair.</summary>
/// <param name="model">A model without <see cref="Fault(HeadConfig)"/>.</param>
/// <param name="raw">Whether scores are the logits as they are.</param>
internal sealed class ScoreHead(GauModel model, bool raw) : PooledHead<ScoreAnswer>(model)
{
    private readonly bool sigmoid = !raw && model.Head.ScoreActivation is null or Activation.Sigmoid;

    /// <summary>Whether scores are logits.</summary>
    public bool IsRaw { get; } = raw;

    /// <summary>Why a model is no cross-encoder, or null.</summary>
    public static string? Fault(HeadConfig head) => head switch
    {
        { Kind: not HeadKind.SequenceClassification } =>
            $"the model's head is {JsonName.Of(head.Kind)}: reranking needs a cross-encoder, a sequence classifier "
            + "with one output",
        { OutputCount: not 1 } =>
            $"the model has {head.OutputCount} outputs: reranking needs a cross-encoder, whose one output is the score",
        _ => null,
    };

    /// <summary>Turns a pair into tokens, of texts that are tokenized already.</summary>
    public void Encode(TextTokens text, TextTokens pair, int maxTokens, EncodedTexts into) =>
        Model.Tokenizer.JoinPair(
            text, pair, into.Next(needsPlaces: false), Model.Head.Segments, Math.Min(maxTokens, Model.MaxTokens));

    /// <summary>The score of a logit.</summary>
    public float Score(float logit)
    {
        Span<float> score = [logit];
        if (sigmoid)
            Probabilities.Sigmoid(score, Model.Head.Temperature);
        return score[0];
    }

    private protected override bool TryFill(AnswerPass pass, int first, int count, ScoreAnswer answer)
    {
        Span<float> logit = stackalloc float[1];
        int text = pass.Find(first);
        ClassifierHead.SequenceLogits(Model, pass.Workspace, pass.Computed, text, logit);
        if (!Probabilities.AllFinite(logit))
            return false;
        (answer.Logit, answer.Score) = (logit[0], Score(logit[0]));
        return true;
    }
}
