using GauRuntime.Answers;

namespace GauRuntime.Evaluation.Rows;

/// <summary>
/// One row of a result file, whatever its format: the answers that were written there, and what a row says besides;
/// null is what it does not hold.
/// </summary>
/// <remarks>
/// Places are in code points. What a row says of its best label, its choice and its span is kept as it stands there: a
/// table may have these columns and no others.
/// </remarks>
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

    /// <summary>Whether the best score was too low for a label; null where the row does not say.</summary>
    public bool? Abstained { get; set; }

    /// <summary>Of a regression: one number.</summary>
    public LabelAnswer? Value { get; set; }

    public long? Choice { get; set; }

    /// <summary>Empty where the model found none.</summary>
    public string? Answer { get; set; }

    public long? Start { get; set; }

    public long? End { get; set; }

    public long? Tokens { get; set; }

    public bool? Truncated { get; set; }

    /// <summary>All labels that were chosen.</summary>
    public List<string>? Labels { get; set; }

    /// <summary>A <see cref="LabelAnswer"/>, or a <see cref="ChoiceAnswer"/> where they go by number.</summary>
    public NumbersAnswer? Probabilities { get; set; }

    public VectorAnswer? Embedding { get; set; }

    public EntityAnswer? Entities { get; set; }

    /// <summary>The best token for each mask.</summary>
    public List<FilledToken>? Masks { get; set; }

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
        foreach (ResultField field in ResultField.OfAnswers)
        {
            if (field.IsIn(this))
                return;
        }
        throw new ResultFault(
            "neither a result nor an error: none of the fields that score, embed, fill and rerank write");
    }
}

/// <summary>A candidate in the ranking of a query.</summary>
/// <param name="Id">The candidate's.</param>
/// <param name="Score">More is better.</param>
/// <param name="Truncated">Whether the pair was cut.</param>
internal readonly record struct RankedResult(string Id, float Score, bool Truncated);

/// <summary>A row is no result; the reader of its file adds where it stands.</summary>
internal sealed class ResultFault(string reason) : Exception(reason);
