using GauRuntime.Answers;

namespace GauRuntime.Evaluation.Comparison;

/// <summary>Finds the probabilities of the same labels, or choices, in two answers.</summary>
internal sealed class ProbabilityPairs(Drift drift)
{
    private readonly Dictionary<string, float> byLabel = new(StringComparer.Ordinal);

    /// <summary>Compares what both answers have.</summary>
    /// <returns>Whether they have the same labels, in whatever order, or as many choices.</returns>
    public bool Add(NumbersAnswer a, NumbersAnswer b, string id)
    {
        List<float> left = a.Numbers, right = b.Numbers;
        if (a is LabelAnswer labels && b is LabelAnswer others)
        {
            if (!labels.Labels.SequenceEqual(others.Labels))
                return AddByLabel(labels, others, id);
        }
        else if (a is LabelAnswer || b is LabelAnswer || left.Count != right.Count)
            return false;
        for (int i = 0; i < left.Count; i++)
            drift.Add(left[i], right[i], id);
        return true;
    }

    private bool AddByLabel(LabelAnswer a, LabelAnswer b, string id)
    {
        byLabel.Clear();
        for (int i = 0; i < a.Numbers.Count; i++)
            byLabel.Add(a.Labels[i], a.Numbers[i]);
        int found = 0;
        for (int i = 0; i < b.Numbers.Count; i++)
        {
            if (!byLabel.TryGetValue(b.Labels[i], out float probability))
                continue;
            drift.Add(probability, b.Numbers[i], id);
            found++;
        }
        return found == a.Numbers.Count && found == b.Numbers.Count;
    }
}
