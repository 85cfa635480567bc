namespace GauRuntime.Scoring.Pipeline;

/// <summary>What has been written of a run, or of a run up to a record.</summary>
/// <param name="Records">Records, rejected ones included.</param>
/// <param name="Rejected">Records that could not be scored.</param>
/// <param name="Truncated">Records whose text was cut.</param>
/// <param name="Tokens">Tokens of the scored records, [CLS] and [SEP] included.</param>
public readonly record struct RunCounts(long Records, long Rejected, long Truncated, long Tokens)
{
    /// <summary>Rows beyond one for each record.</summary>
    internal long MoreRows { get; init; }

    /// <summary>Candidates that could not be taken, where records are queries: lines of the rejects file too.</summary>
    internal long RejectedCandidates { get; init; }

    internal RunCounts Since(RunCounts earlier) => new(
        Records - earlier.Records, Rejected - earlier.Rejected, Truncated - earlier.Truncated,
        Tokens - earlier.Tokens)
    {
        MoreRows = MoreRows - earlier.MoreRows,
        RejectedCandidates = RejectedCandidates - earlier.RejectedCandidates,
    };

    internal RunCounts Plus(RunCounts other) => new(
        Records + other.Records, Rejected + other.Rejected, Truncated + other.Truncated, Tokens + other.Tokens)
    {
        MoreRows = MoreRows + other.MoreRows,
        RejectedCandidates = RejectedCandidates + other.RejectedCandidates,
    };

    internal RunCounts With(TextInfo text, bool rejected, int rows = 1) => rejected
        ? this with { Records = Records + 1, Rejected = Rejected + 1 }
        : new RunCounts(Records + 1, Rejected, Truncated + (text.Truncated ? 1 : 0), Tokens + text.Tokens)
        {
            MoreRows = MoreRows + rows - 1,
            RejectedCandidates = RejectedCandidates,
        };
}
