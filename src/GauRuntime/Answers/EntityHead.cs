using GauRuntime.Heads;
using GauRuntime.Text;

namespace GauRuntime.Answers;

/// <summary>Token classification: tokens get their best labels, and those of one entity are joined.</summary>
/// <param name="model">A model with such a head.</param>
internal sealed class EntityHead(GauModel model) : AnswerHead<EntityAnswer>(model)
{
    public override bool KeepsPlaces => true;

    /// <summary>What the model's labels say of entities.</summary>
    public EntityScheme Scheme { get; } = new(model.Head.Labels);

    private protected override bool TryFill(AnswerPass pass, int first, int count, EntityAnswer answer)
    {
        int start = pass.Computed.Start(pass.Find(first));
        ReadOnlySpan<TokenSpan> places = pass.Batch.Places(first);
        Span<float> logits = pass.Values(Model.Head.OutputCount);
        answer.Entities.Clear();
        EntityBuilder builder = new(Scheme, answer.Entities);
        for (int i = 0; i < places.Length; i++)
        {
            if (places[i].Text < 0)
                continue;
            ClassifierHead.TokenLogits(Model, pass.Workspace, start + i, logits);
            if (!Probabilities.AllFinite(logits))
                return false;
            Probabilities.Softmax(logits);
            int best = Probabilities.Best(logits);
            builder.Add(places[i], best, logits[best]);
        }
        builder.Close();
        return true;
    }
}
