namespace GauRuntime.Evaluation.Comparison;

/// <summary>One row of a result file, whatever its format; null is what it does not hold.</summary>
internal sealed class ResultRow
{
    /// <summary>Number of the line that it begins on, from 1.</summary>
    public long Line { get; set; }

    /// <summary>The id as text, so that 5 and "5" are the same.</summary>
    public string? Id { get; set; }

    /// <summary>It holds an error instead of a result.</summary>
    public bool Rejected { get; set; }

    public string? Label { get; set; }

    public float? Score { get; set; }

    public float? Value { get; set; }

    public long? Choice { get; set; }

    /// <summary>Empty where the model found none.</summary>
    public string? Answer { get; set; }

    public long? Start { get; set; }

    public long? End { get; set; }

    public long? Tokens { get; set; }

    public bool? Truncated { get; set; }

    /// <summary>All labels that were chosen.</summary>
    public List<string>? Labels { get; set; }

    /// <summary>Distinct labels of <see cref="Probabilities"/>; null where those are of choices by number.</summary>
    public IReadOnlyList<string>? ProbabilityLabels { get; set; }

    public List<float>? Probabilities { get; set; }

    public List<float>? Embedding { get; set; }

    public List<EntitySpan>? Entities { get; set; }

    /// <summary>The best token for each mask.</summary>
    public List<BestToken>? Masks { get; set; }

    /// <summary>The candidates of a query, best first.</summary>
    public List<RankedResult>? Results { get; set; }

    /// <summary>
    /// Whether it is one of a query's pairs, whose score is <see cref="Score"/>; such rows become one, see
    /// <see cref="QueryRows"/>.
    /// </summary>
    public bool IsPair { get; set; }

    /// <summary>The candidate of a pair, by its id; null where it has none.</summary>
    public string? Candidate { get; set; }

    /// <summary>The place of a pair among those of its query, from 1; null where the candidate has no score.</summary>
    public long? Rank { get; set; }

    /// <summary>Whether the candidate of a pair was rejected.</summary>
    public bool IsRejectedPair { get; set; }

    /// <summary>Whether a field is there.</summary>
    public bool Has(ResultField field) => field switch
    {
        ResultField.Label => Label is not null,
        ResultField.Score => Score is not null,
        ResultField.Probabilities => Probabilities is not null,
        ResultField.Labels => Labels is not null,
        ResultField.Value => Value is not null,
        ResultField.Entities => Entities is not null,
        ResultField.Choice => Choice is not null,
        ResultField.Answer => Answer is not null,
        ResultField.Embedding => Embedding is not null,
        ResultField.Masks => Masks is not null,
        ResultField.Results => Results is not null,
        ResultField.Tokens => Tokens is not null,
        _ => Truncated is not null,
    };

    /// <summary>Refuses a row that is neither a result nor an error, or nobody's.</summary>
    /// <exception cref="ResultFault">It is.</exception>
    public void Check()
    {
        if (Id is null)
            throw new ResultFault("no field 'id'");
        if (Rejected)
            return;
        if (IsPair)
        {
            if (Rank is null != Score is null)
                throw new ResultFault("a pair has a rank and a score, or neither");
            return;
        }
        for (ResultField field = 0; field < ResultField.Tokens; field++)
        {
            if (Has(field))
                return;
        }
        throw new ResultFault(
            "neither a result nor an error: none of the fields that score, embed, fill and rerank write");
    }
}

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

/// <summary>A candidate in the ranking of a query.</summary>
/// <param name="Id">The candidate's.</param>
/// <param name="Score">More is better.</param>
/// <param name="Truncated">Whether the pair was cut.</param>
internal readonly record struct RankedResult(string Id, float Score, bool Truncated);

/// <summary>The best token for a mask.</summary>
internal readonly record struct BestToken(string Token, float Probability);

/// <summary>A row is no result; the reader of its file adds where it stands.</summary>
internal sealed class ResultFault(string reason) : Exception(reason);
