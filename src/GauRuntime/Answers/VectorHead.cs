using GauRuntime.Heads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Answers;

/// <summary>One vector for an input.</summary>
/// <param name="model">Every model gives vectors.</param>
/// <param name="pooling">How the hidden states become one vector.</param>
/// <param name="normalize">Whether it is scaled to length 1, after it was cut.</param>
/// <param name="dimensions">So many leading features, at most h.</param>
internal sealed class VectorHead(GauModel model, Pooling pooling, bool normalize, int dimensions)
    : AnswerHead<VectorAnswer>(model)
{
    private protected override bool TryFill(AnswerPass pass, int first, int count, VectorAnswer answer)
    {
        int text = pass.Find(first);
        return Pooler.TryVector(
            pass.Workspace, pass.Computed, text, pooling, normalize, answer.Reset(dimensions));
    }
}
