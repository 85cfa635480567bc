using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Tasks;

/// <summary>A text to be ranked.</summary>
/// <param name="Id">What names it in the results.</param>
/// <param name="Block">Where its tokens are held: the block, and where in it they begin.</param>
/// <param name="Start">See <paramref name="Block"/>.</param>
/// <param name="Held">How many are: no more than a pair has room for.</param>
/// <param name="Total">How many the text has.</param>
/// <param name="IsReplaced">Whether bytes that are no characters became U+FFFD.</param>
internal readonly record struct Candidate(RecordId Id, int Block, int Start, int Held, int Total, bool IsReplaced);

/// <summary>A record of the candidates that could not be taken.</summary>
/// <param name="Id">What names it in the results.</param>
/// <param name="Error">Why.</param>
internal readonly record struct RejectedCandidate(RecordId Id, string Error);

/// <summary>The candidates that a query meets.</summary>
internal sealed class CandidateGroup
{
    private const long BytesPerResult = 96;   // in a row, besides the id

    private int longestId;
    private long idBytes, rejectedBytes;

    /// <summary>Those without any.</summary>
    public static CandidateGroup None { get; } = new();

    /// <summary>Where the first of them stands.</summary>
    public RecordPlace First { get; private set; }

    /// <summary>Their indexes among all candidates, in order.</summary>
    public List<int> Members { get; } = [];

    /// <summary>The rejected ones.</summary>
    public List<RejectedCandidate> Rejected { get; } = [];

    /// <summary>Whether a query has asked for them. Set by the thread that reads queries.</summary>
    public bool IsMet { get; set; }

    /// <summary>Adds a candidate.</summary>
    public void Add(int index, int idLength, RecordPlace place)
    {
        if (Members.Count == 0)
            First = place;
        Members.Add(index);
        longestId = Math.Max(longestId, idLength);
        idBytes += 3L * idLength;
    }

    /// <summary>Adds a record that could not be taken.</summary>
    public void Add(RejectedCandidate rejected)
    {
        Rejected.Add(rejected);
        rejectedBytes += BytesPerResult + 3L * (rejected.Error.Length + rejected.Id.ToString().Length);
    }

    /// <summary>What the ranking of so many takes in a row at most.</summary>
    public long RowBytes(int? top)
    {
        long count = Math.Min(top ?? int.MaxValue, Members.Count);
        return count * BytesPerResult + Math.Min(idBytes, 3L * longestId * count) + rejectedBytes;
    }
}
