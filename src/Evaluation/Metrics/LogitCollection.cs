using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Fitting;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Evaluation.Metrics;

/// <summary>Keeps the logits of labelled records, for what is fitted to them.</summary>
/// <remarks>
/// Of more than <see cref="MostValues"/> logits a random sample of so many, the same in every run.
/// </remarks>
internal sealed class LogitCollection : HeadEvaluation
{
    /// <summary>Logits that are kept: 16 MiB.</summary>
    public const int MostValues = 1 << 22;

    private readonly HeadEvaluation labels;
    private readonly int capacity;
    private readonly List<LabelledLogits> examples = [];
    private readonly Random random = new(1);

    /// <param name="head">One that can be calibrated.</param>
    /// <param name="mostValues">Logits that are kept.</param>
    public LogitCollection(HeadConfig head, int mostValues = MostValues)
    {
        labels = Of(head);
        int outputs = head.Kind == HeadKind.MultipleChoice ? JsonRecord.MostChoices : head.Labels.Count;
        capacity = Math.Max(1, mostValues / outputs);
    }

    /// <summary>What was kept, in the order of the records where all were.</summary>
    public IReadOnlyList<LabelledLogits> Examples => examples;

    public override IReadOnlyList<Measure> Measures => [];

    internal override string? Fault(JsonElement label) => labels.Fault(label);

    internal override string? Fault(in TextRecord record, JsonElement label) => labels.Fault(record, label);

    internal override string Shown(in TextRecord record, Answer answer) => labels.Shown(record, answer);

    private protected override double Compare(in TextRecord record, Answer answer, JsonElement label)
    {
        LabelledLogits example = new([.. ((NumbersAnswer)answer).Numbers], labels.Truths(label));
        if (examples.Count < capacity)
            examples.Add(example);
        else if (random.NextInt64(Count) is var place && place < capacity)
            examples[(int)place] = example;
        return 0;
    }
}
