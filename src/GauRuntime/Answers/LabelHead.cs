using GauRuntime.Heads;

namespace GauRuntime.Answers;

/// <summary>Sequence classification: one label, several, or a regression.</summary>
/// <param name="model">A model with such a head.</param>
/// <param name="raw">Whether the numbers are the logits as they are.</param>
internal sealed class LabelHead(GauModel model, bool raw = false) : PooledHead<LabelAnswer>(model)
{
    private protected override bool TryFill(AnswerPass pass, int first, int count, LabelAnswer answer)
    {
        int text = pass.Find(first);
        answer.Labels = Model.Head.Labels;
        Span<float> outputs = answer.Reset(Model.Head.OutputCount);
        ClassifierHead.SequenceLogits(Model, pass.Workspace, pass.Computed, text, outputs);
        return raw ? Probabilities.AllFinite(outputs) : Probabilities.TryOfLogits(Model.Head, outputs);
    }
}
