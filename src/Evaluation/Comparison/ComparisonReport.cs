using GauRuntime.Evaluation.Rows;

namespace GauRuntime.Evaluation.Comparison;

/// <summary>How the results of two files differ; what a file has nothing of has a count of 0.</summary>
internal sealed class ComparisonReport
{
    internal ComparisonReport(string nameA, string nameB)
    {
        NameA = nameA;
        NameB = nameB;
        Agreements =
        [
            Label, Abstained, Labels, Choice, Answer, AnswerPlace, EntityLists, BestTokens, BestCandidates, Tokens,
            Truncated,
        ];
        Drifts = [Score, Probabilities, Value, Embedding, EntityScores, BestTokenProbabilities];
        AllGaps = [.. ResultField.All.Select(field => new FieldGap(field))];
    }

    /// <summary>The first file, as the user named it.</summary>
    public string NameA { get; }

    /// <summary>The second file, as the user named it.</summary>
    public string NameB { get; }

    /// <summary>Whether the files are the same bytes; where they are compressed, their contents.</summary>
    public bool Identical { get; internal set; }

    /// <summary>Records in each file.</summary>
    public long Records { get; internal set; }

    /// <summary>Records rejected in A but not in B.</summary>
    public long RejectedOnlyInA { get; internal set; }

    /// <summary>Records rejected in B but not in A.</summary>
    public long RejectedOnlyInB { get; internal set; }

    /// <summary>Records rejected in both files.</summary>
    public long RejectedInBoth { get; internal set; }

    /// <summary>Records with a result in both files: those that the rest is about.</summary>
    public long Compared => Records - RejectedOnlyInA - RejectedOnlyInB - RejectedInBoth;

    /// <summary>What can be the same or not, in the order of a report.</summary>
    public IReadOnlyList<Agreement> Agreements { get; }

    /// <summary>The kinds of numbers, in the order of a report.</summary>
    public IReadOnlyList<Drift> Drifts { get; }

    /// <summary>Fields that are missing, or of another shape, in some record of one file.</summary>
    public IEnumerable<FieldGap> Gaps => AllGaps.Where(gap => gap.Records > 0);

    /// <summary>Records with another label.</summary>
    public LabelShifts Shifts { get; } = new();

    /// <summary>Entities of both files.</summary>
    public EntityOverlap Entities { get; } = new();

    /// <summary>Candidates of queries.</summary>
    public RankingOverlap Rankings { get; } = new();

    /// <summary>Cosines of embeddings.</summary>
    public CosineSimilarity Cosine { get; } = new();

    internal FieldGap[] AllGaps { get; }

    internal Agreement Label { get; } = new("label");

    internal Agreement Abstained { get; } = new("abstained");

    internal Agreement Labels { get; } = new("labels");

    internal Agreement Choice { get; } = new("choice");

    internal Agreement Answer { get; } = new("answer");

    internal Agreement AnswerPlace { get; } = new("answer_place");

    internal Agreement EntityLists { get; } = new("entities");

    internal Agreement BestTokens { get; } = new("best_token");

    internal Agreement BestCandidates { get; } = new("best_candidate");

    internal Agreement Tokens { get; } = new("tokens");

    internal Agreement Truncated { get; } = new("truncated");

    internal Drift Score { get; } = new("score");

    internal Drift Probabilities { get; } = new("probabilities");

    internal Drift Value { get; } = new("value");

    internal Drift Embedding { get; } = new("embedding");

    internal Drift EntityScores { get; } = new("entity_score");

    internal Drift BestTokenProbabilities { get; } = new("best_token_probability");
}
