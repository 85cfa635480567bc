using GauRuntime.Heads;

namespace GauRuntime.Answers;

/// <summary>Multiple choice: every choice is a sequence with one logit; a softmax over them.</summary>
/// <param name="model">A model with such a head.</param>
/// <param name="raw">Whether the numbers are the logits as they are.</param>
internal sealed class ChoiceHead(GauModel model, bool raw = false) : PooledHead<ChoiceAnswer>(model)
{
    private protected override bool TryFill(AnswerPass pass, int first, int count, ChoiceAnswer answer)
    {
        Span<float> logits = answer.Reset(count);
        for (int i = 0; i < count; i++)
        {
            int text = pass.Find(first + i);
            ClassifierHead.SequenceLogits(Model, pass.Workspace, pass.Computed, text, logits.Slice(i, 1));
        }
        if (!Probabilities.AllFinite(logits))
            return false;
        if (!raw)
            Probabilities.Softmax(logits, Model.Head.Temperature);
        return true;
    }
}
