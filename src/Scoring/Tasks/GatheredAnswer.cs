using GauRuntime.Answers;
using GauRuntime.Text;

namespace GauRuntime.Scoring.Tasks;

/// <summary>The scores of a query's candidates, gathered out of the batches that they are computed in.</summary>
/// <remarks>Filled by any threads, each pair by one; to be read when the last is there.</remarks>
internal sealed class GatheredAnswer : Answer
{
    private readonly Candidates candidates;
    private readonly int queryTokens;
    private readonly int maxLength;
    private readonly float[] scores;   // [pairs]
    private int missing;

    /// <summary>Begins to gather.</summary>
    /// <param name="candidates">All that there are.</param>
    /// <param name="group">Those of the query.</param>
    /// <param name="queryTokens">Tokens of the query.</param>
    /// <param name="maxLength">Most tokens of a pair.</param>
    public GatheredAnswer(Candidates candidates, CandidateGroup group, int queryTokens, int maxLength)
    {
        (this.candidates, this.queryTokens, this.maxLength) = (candidates, queryTokens, maxLength);
        Group = group;
        scores = new float[group.Members.Count];
        missing = scores.Length;
        Text = Sum();
    }

    /// <summary>The candidates of the query; a pair has the index that its candidate has among them.</summary>
    public CandidateGroup Group { get; }

    /// <summary>Score of every pair.</summary>
    public IReadOnlyList<float> Scores => scores;

    /// <summary>What becomes of a pair.</summary>
    public TextInfo Pair(int pair) =>
        GauTokenizer.PairInfo(queryTokens, candidates[Group.Members[pair]].Total, maxLength);

    /// <summary>Takes the score of a pair.</summary>
    /// <returns>Whether that was the last.</returns>
    public bool Add(int pair, ScoreAnswer answer)
    {
        if (answer.Error is null)
            scores[pair] = answer.Score;
        else
            Error = answer.Error;   // the same, whichever pair it is
        return Interlocked.Decrement(ref missing) == 0;
    }

    private TextInfo Sum()
    {
        long tokens = 0;
        bool truncated = false, empty = scores.Length > 0;
        for (int i = 0; i < scores.Length; i++)
        {
            TextInfo pair = Pair(i);
            tokens += pair.Tokens;
            truncated |= pair.Truncated;
            empty &= pair.IsEmpty;
        }
        return new TextInfo((int)Math.Min(tokens, int.MaxValue), truncated, empty);
    }
}
