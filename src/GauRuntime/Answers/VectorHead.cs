using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Answers;

/// <summary>One vector for an input.</summary>
internal sealed class VectorHead : AnswerHead<VectorAnswer>
{
    private readonly VectorPlan plan;

    /// <summary>Takes what is asked for.</summary>
    /// <param name="model">Every model gives vectors.</param>
    /// <param name="options">How; where texts are cut is the caller's.</param>
    /// <exception cref="ArgumentException">
    /// The options contradict the model, or ask for what it does not have.
    /// </exception>
    public VectorHead(GauModel model, EmbedderOptions options)
        : base(model) => plan = VectorPlan.Of(model, options);

    /// <summary>Numbers of a vector.</summary>
    public int Dimensions => plan.Dimensions;

    /// <summary>How vectors are made.</summary>
    public VectorPlan Plan => plan;

    /// <summary>All that the numbers depend on, besides the model.</summary>
    public string Name => plan.Name;

    public override int UsualMaxTokens => Math.Min(Model.Embedding?.MaxTokens ?? base.UsualMaxTokens, Model.MaxTokens);

    private protected override string Prefix => plan.Prefix;

    public override bool TryAddRead(AnswerBatch batch, int sequence, int start, List<int> tokens) =>
        plan.Layers.TryAddRead(start, batch.Tokens.Length(sequence), plan.LeftOut, tokens);

    private protected override bool TryFill(AnswerPass pass, int first, int count, VectorAnswer answer)
    {
        int text = pass.Find(first);
        return plan.Layers.TryVector(
            pass.Workspace, pass.Computed, text, plan.LeftOut, answer.Reset(plan.Dimensions));
    }
}
