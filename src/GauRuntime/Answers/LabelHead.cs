using GauRuntime.Heads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Answers;

/// <summary>Sequence classification: one label, several, or a regression.</summary>
/// <param name="model">A model with such a head.</param>
/// <param name="raw">Whether the numbers are the logits as they are.</param>
internal sealed class LabelHead(GauModel model, bool raw = false) : PooledHead<LabelAnswer>(model)
{
    private protected override bool TryFill(AnswerPass pass, int first, int count, LabelAnswer answer)
    {
        answer.Labels = Model.Head.Labels;
        Span<float> outputs = answer.Reset(Model.Head.OutputCount);
        if (count == 1)
            return TryWindow(pass, first, outputs);
        WindowNumbers numbers = new(Windows!.Aggregate!.Value, pass.Sums(outputs.Length));
        for (int i = 0; i < count; i++)
        {
            if (!TryWindow(pass, first + i, outputs))
                return false;
            numbers.Add(outputs);
        }
        numbers.CopyTo(outputs);
        if (Windows.Aggregate == WindowAggregate.Max && Model.Head.ProblemType == ProblemType.SingleLabel)
            Probabilities.Scale(outputs);
        return true;
    }

    private bool TryWindow(AnswerPass pass, int sequence, Span<float> outputs)
    {
        int text = pass.Find(sequence);
        ClassifierHead.SequenceLogits(Model, pass.Workspace, pass.Computed, text, outputs);
        return raw ? Probabilities.AllFinite(outputs) : Probabilities.TryOfLogits(Model.Head, outputs);
    }
}
