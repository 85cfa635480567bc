namespace GauRuntime.Evaluation.Comparison;

/// <summary>Finds the probabilities of the same labels, or choices, in two rows.</summary>
internal sealed class ProbabilityPairs(Drift drift)
{
    private readonly Dictionary<string, float> byLabel = new(StringComparer.Ordinal);

    /// <summary>Compares what both rows have.</summary>
    /// <returns>Whether they have the same labels, in whatever order, or as many choices.</returns>
    public bool Add(ResultRow a, ResultRow b)
    {
        List<float> left = a.Probabilities!, right = b.Probabilities!;
        if (a.ProbabilityLabels is not null && b.ProbabilityLabels is not null)
        {
            if (!a.ProbabilityLabels.SequenceEqual(b.ProbabilityLabels))
                return AddByLabel(a, b);
        }
        else if (a.ProbabilityLabels is not null || b.ProbabilityLabels is not null || left.Count != right.Count)
            return false;
        for (int i = 0; i < left.Count; i++)
            drift.Add(left[i], right[i], a.Id!);
        return true;
    }

    private bool AddByLabel(ResultRow a, ResultRow b)
    {
        byLabel.Clear();
        for (int i = 0; i < a.Probabilities!.Count; i++)
            byLabel.Add(a.ProbabilityLabels![i], a.Probabilities[i]);
        int found = 0;
        for (int i = 0; i < b.Probabilities!.Count; i++)
        {
            if (!byLabel.TryGetValue(b.ProbabilityLabels![i], out float probability))
                continue;
            drift.Add(probability, b.Probabilities[i], a.Id!);
            found++;
        }
        return found == a.Probabilities.Count && found == b.Probabilities.Count;
    }
}
