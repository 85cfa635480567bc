namespace GauRuntime.Scoring.Comparison;

/// <summary>An entity of a result: the same entity in another file has the same label and place.</summary>
internal readonly record struct EntitySpan(string Label, long Start, long End, bool InPair, float Score)
    : IComparable<EntitySpan>
{
    /// <summary>Orders by place and label; 0 for the same entity, whatever its score.</summary>
    public int CompareTo(EntitySpan other)
    {
        int order = InPair.CompareTo(other.InPair);
        if (order == 0)
            order = Start.CompareTo(other.Start);
        if (order == 0)
            order = End.CompareTo(other.End);
        return order == 0 ? string.CompareOrdinal(Label, other.Label) : order;
    }
}

/// <summary>The best token for a mask.</summary>
internal readonly record struct BestToken(string Token, float Probability);
