using GauRuntime.Answers;
using GauRuntime.Scoring.Records;
using GauRuntime.Text;

namespace GauRuntime.Scoring.Tasks;

/// <summary>The logits of a query's candidates, gathered out of the batches that they are computed in.</summary>
/// <remarks>Filled by any threads, each pair by one; to be read when the last is there.</remarks>
internal sealed class GatheredAnswer : Answer
{
    private readonly Candidates candidates;
    private readonly int queryTokens;
    private readonly int maxLength;
    private readonly float[] logits;   // [pairs]; NaN: the model gave none
    private int missing;
    private volatile string? fault;    // the same, whichever pair it is

    /// <summary>Begins to gather.</summary>
    /// <param name="candidates">All that there are.</param>
    /// <param name="group">Those of the query.</param>
    /// <param name="queryTokens">Tokens of the query.</param>
    /// <param name="maxLength">Most tokens of a pair.</param>
    public GatheredAnswer(Candidates candidates, CandidateGroup group, int queryTokens, int maxLength)
    {
        (this.candidates, this.queryTokens, this.maxLength) = (candidates, queryTokens, maxLength);
        Group = group;
        logits = new float[group.Members.Count];
        missing = logits.Length;
        Text = Sum();
    }

    /// <summary>The candidates of the query; a pair has the index that its candidate has among them.</summary>
    public CandidateGroup Group { get; }

    /// <summary>Logit of every pair, which orders them.</summary>
    public IReadOnlyList<float> Logits => logits;

    /// <summary>What becomes of a pair.</summary>
    public TextInfo Pair(int pair) =>
        GauTokenizer.PairInfo(queryTokens, candidates[Group.Members[pair]].Total, maxLength);

    /// <summary>Takes the score of a pair, or why it has none, which rejects the query.</summary>
    /// <returns>Whether that was the last.</returns>
    public bool Add(int pair, ScoreAnswer answer)
    {
        logits[pair] = answer.Error is null ? answer.Logit : float.NaN;
        if (answer.Error is not null)
            fault = answer.Error;
        if (Interlocked.Decrement(ref missing) > 0)
            return false;
        if (fault is not null)
            Error = Shown(fault);
        return true;
    }

    // Names the first, whichever was computed first.
    private string Shown(string reason)
    {
        RecordId id = candidates[Group.Members[Array.FindIndex(logits, float.IsNaN)]].Id;
        int others = logits.Count(float.IsNaN) - 1;
        return $"{(id.IsMissing ? "a candidate without an id" : $"candidate '{id}'")}: {reason}"
            + (others == 0 ? "" : $"; {others} more like it");
    }

    private TextInfo Sum()
    {
        long tokens = 0;
        bool truncated = false, empty = logits.Length > 0;
        for (int i = 0; i < logits.Length; i++)
        {
            TextInfo pair = Pair(i);
            tokens += pair.Tokens;
            truncated |= pair.Truncated;
            empty &= pair.IsEmpty;
        }
        return new TextInfo((int)Math.Min(tokens, int.MaxValue), truncated, empty);
    }
}
