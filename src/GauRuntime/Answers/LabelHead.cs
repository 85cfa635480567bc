using GauRuntime.Heads;

namespace GauRuntime.Answers;

/// <summary>Sequence classification: one label, several, or a regression.</summary>
/// <param name="model">A model with such a head.</param>
internal sealed class LabelHead(GauModel model) : PooledHead<LabelAnswer>(model)
{
    private protected override bool TryFill(AnswerPass pass, int first, int count, LabelAnswer answer)
    {
        int text = pass.Find(first);
        answer.Labels = Model.Head.Labels;
        return ClassifierHead.TryProbabilities(
            Model, pass.Workspace, pass.Computed, text, answer.Reset(Model.Head.OutputCount));
    }
}
