namespace GauRuntime.Evaluation.Comparison;

/// <summary>Entities of both files; two are the same where label and place are.</summary>
internal sealed class EntityOverlap
{
    /// <summary>Entities in A.</summary>
    public long InA { get; private set; }

    /// <summary>Entities in B.</summary>
    public long InB { get; private set; }

    /// <summary>Entities in both.</summary>
    public long Same { get; private set; }

    /// <summary>Share of B's entities that A has too; null where B has none.</summary>
    public double? Precision => InB == 0 ? null : (double)Same / InB;

    /// <summary>Share of A's entities that B has too; null where A has none.</summary>
    public double? Recall => InA == 0 ? null : (double)Same / InA;

    /// <summary>The harmonic mean of both; null where neither file has an entity.</summary>
    public double? F1 => InA + InB == 0 ? null : 2.0 * Same / (InA + InB);

    /// <summary>Counts the entities of a record, which it sorts, and compares the scores of the same ones.</summary>
    /// <returns>Whether all are the same.</returns>
    internal bool Add(List<TextEntity> a, List<TextEntity> b, string id, Drift scores)
    {
        a.Sort(Order);
        b.Sort(Order);
        int i = 0, j = 0, same = 0;
        while (i < a.Count && j < b.Count)
        {
            int order = Order(a[i], b[j]);
            if (order == 0)
            {
                scores.Add(a[i].Score, b[j].Score, id);
                same++;
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        InA += a.Count;
        InB += b.Count;
        Same += same;
        return same == a.Count && same == b.Count;
    }

    // By place and label; 0 for the same entity, whatever its score.
    private static int Order(TextEntity a, TextEntity b)
    {
        int order = (a.InPair, a.Start, a.End).CompareTo((b.InPair, b.Start, b.End));
        return order == 0 ? string.CompareOrdinal(a.Label, b.Label) : order;
    }
}
