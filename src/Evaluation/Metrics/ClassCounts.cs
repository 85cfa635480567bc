namespace GauRuntime.Evaluation.Metrics;

/// <summary>How well one label is found.</summary>
/// <param name="Label">The label.</param>
/// <param name="Right">Answers with it that are right.</param>
/// <param name="Answered">Answers with it.</param>
/// <param name="Labelled">What has it in truth.</param>
internal sealed record ClassCount(string Label, long Right, long Answered, long Labelled)
{
    /// <summary>Right of those answered.</summary>
    public double? Precision => Measure.Ratio(Right, Answered);

    /// <summary>Right of those labelled.</summary>
    public double? Recall => Measure.Ratio(Right, Labelled);

    /// <summary>2 · right / (answered + labelled); null where the label neither occurs nor was answered.</summary>
    public double? F1 => Measure.Ratio(2.0 * Right, Answered + Labelled);
}

/// <summary>Right answers, answers and truths of every label.</summary>
internal sealed class ClassCounts
{
    private readonly List<string> labels = [];
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly List<long> right = [], answered = [], labelled = [];

    internal ClassCounts(IEnumerable<string> labels)
    {
        foreach (string label in labels)
            _ = Place(label);
    }

    /// <summary>All labels, in the model's order.</summary>
    public IEnumerable<ClassCount> Classes =>
        labels.Select((label, i) => new ClassCount(label, right[i], answered[i], labelled[i]));

    /// <summary>All labels as one.</summary>
    public ClassCount Total => new("", right.Sum(), answered.Sum(), labelled.Sum());

    /// <summary>The mean F1 of all labels that occur or were answered.</summary>
    public double? MacroF1 => Classes.Select(c => c.F1).Average();

    internal void Answered(string label, bool isRight)
    {
        int place = Place(label);
        answered[place]++;
        right[place] += isRight ? 1 : 0;
    }

    internal void Labelled(string label) => labelled[Place(label)]++;

    private int Place(string label)
    {
        if (places.TryGetValue(label, out int place))
            return place;
        places.Add(label, labels.Count);
        labels.Add(label);
        right.Add(0);
        answered.Add(0);
        labelled.Add(0);
        return labels.Count - 1;
    }
}
