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
        : base(model)
    {
        plan = VectorPlan.Of(model, options);
        if (options.Windows is not { } windows)
            return;
        if (options.GivenMaxTokens is not null)
            throw new ArgumentException("a length and windows: texts are cut, or read in windows");
        Windows = TextWindows.Of(windows, model, aggregates: true);
    }

    /// <summary>Numbers of a vector.</summary>
    public int Dimensions => plan.Dimensions;

    /// <summary>How vectors are made.</summary>
    public VectorPlan Plan => plan;

    /// <summary>All that the numbers depend on, besides the model.</summary>
    public string Name => plan.Name;

    public override int UsualMaxTokens => Windows?.Tokens
        ?? Math.Min(Model.Embedding?.MaxTokens ?? base.UsualMaxTokens, Model.MaxTokens);

    private protected override string Prefix => plan.Prefix;

    public override bool TryAddRead(AnswerBatch batch, int sequence, int start, List<int> tokens) =>
        plan.Layers.TryAddRead(start, batch.Tokens.Length(sequence), plan.LeftOut, tokens);

    private protected override bool TryFill(AnswerPass pass, int first, int count, VectorAnswer answer)
    {
        Span<float> vector = answer.Reset(plan.Dimensions);
        if (count == 1)
            return TryWindow(pass, first, vector);
        WindowNumbers numbers = new(Windows!.Aggregate!.Value, pass.Sums(vector.Length));
        for (int i = 0; i < count; i++)
        {
            if (!TryWindow(pass, first + i, vector))
                return false;
            numbers.Add(vector);
        }
        numbers.CopyTo(vector);
        plan.Layers.Normalize(vector);
        return true;
    }

    private bool TryWindow(AnswerPass pass, int sequence, Span<float> vector)
    {
        int text = pass.Find(sequence);
        return plan.Layers.TryVector(pass.Workspace, pass.Computed, text, plan.LeftOut, vector);
    }
}
