using GauRuntime.Heads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Answers;

/// <summary>A head whose logits are of whole sequences, each pooled as the model says.</summary>
/// <param name="model">A model with such a head.</param>
internal abstract class PooledHead<T>(GauModel model) : AnswerHead<T>(model)
    where T : Answer, new()
{
    private readonly Pooling[] poolings = [model.Head.Pooling];

    public sealed override bool TryAddRead(AnswerBatch batch, int sequence, int start, List<int> tokens) =>
        Pooler.TryAddRead(poolings, start, batch.Tokens.Length(sequence), 0, tokens);
}
