namespace GauRuntime.Evaluation.Metrics;

/// <summary>How often which label was answered where which was right.</summary>
internal sealed class ConfusionMatrix
{
    /// <summary>Of more labels there is no matrix: it would be larger than the records.</summary>
    public const int MostLabels = 1024;

    private readonly long[] counts;   // [true label, answered label]

    internal ConfusionMatrix(IReadOnlyList<string> labels)
    {
        Labels = labels;
        counts = new long[labels.Count * labels.Count];
    }

    /// <summary>The labels, in the model's order.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Records of a label that were answered with another, or the same.</summary>
    public long this[int label, int answer] => counts[label * Labels.Count + answer];

    /// <summary>Records of a label that were answered with another, where there are any; the most first.</summary>
    public IEnumerable<(long Records, int Label, int Answer)> Mistakes =>
        from label in Enumerable.Range(0, Labels.Count)
        from answer in Enumerable.Range(0, Labels.Count)
        where label != answer && this[label, answer] > 0
        orderby this[label, answer] descending
        select (this[label, answer], label, answer);

    internal void Add(int label, int answer) => counts[label * Labels.Count + answer]++;
}
