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
        answer.Entities.Clear();
        EntityBuilder builder = new(Scheme, answer.Entities);
        for (int i = 0; i < count; i++)
        {
            if (!TryAdd(pass, first + i, WindowShare.Of(pass.Batch, first, count, i), ref builder))
                return false;
        }
        builder.Close();
        return true;
    }

    private bool TryAdd(AnswerPass pass, int sequence, WindowShare share, ref EntityBuilder builder)
    {
        int text = pass.Find(sequence), start = pass.Computed.Start(text);
        ReadOnlySpan<TokenSpan> places = pass.Batch.Places(sequence);
        Span<float> logits = pass.Values(Model.Head.OutputCount);
        for (int i = 0; i < places.Length; i++)
        {
            if (places[i].Text < 0 || !share.Has(places[i]))
                continue;
            ClassifierHead.TokenLogits(Model, pass.Workspace, start + i, logits);
            if (!Probabilities.AllFinite(logits))
                return false;
            Probabilities.Softmax(logits);
            int best = Probabilities.Best(logits);
            builder.Add(places[i], best, logits[best]);
        }
        return true;
    }
}
