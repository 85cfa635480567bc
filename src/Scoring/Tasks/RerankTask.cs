using System.Globalization;
using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Tasks;

/// <summary>
/// Candidates in the order of a cross-encoder's scores, for every query: <c>results</c> with <c>id</c> and
/// <c>score</c>, best first; or a row for every pair, with <c>candidate</c>, <c>rank</c> and <c>score</c>.
/// </summary>
internal sealed class RerankTask : RecordTask
{
    private const int CopiesOfRow = 6;   // as it is made and written, in buffers that have grown to it

    private readonly int? top;
    private readonly bool rowPerPair;

    /// <summary>Makes the task.</summary>
    /// <param name="head">The model's.</param>
    /// <param name="candidates">What is ranked.</param>
    /// <param name="top">Keep so many of the best; null: all.</param>
    /// <param name="rowPerPair">Whether a pair is a row, or a query is.</param>
    public RerankTask(ScoreHead head, Candidates candidates, int? top, bool rowPerPair)
        : base(head)
    {
        (Scores, Candidates, this.top, this.rowPerPair) = (head, candidates, top, rowPerPair);
        Columns = rowPerPair
            ? [
                new("candidate", ResultType.Text), new("rank", ResultType.Whole), new("score", ResultType.Number),
                new("rejected", ResultType.Text),
            ]
            : [new("results", ResultType.Json), new("rejected", ResultType.Json)];
    }

    /// <summary>Scores a pair.</summary>
    public ScoreHead Scores { get; }

    /// <summary>What is ranked.</summary>
    public Candidates Candidates { get; }

    internal override string Name =>
        $"rerank, {(Scores.IsRaw ? "logits" : "scores")}, top {top?.ToString(CultureInfo.InvariantCulture) ?? "all"}";

    internal override IReadOnlyList<ResultColumn> Columns { get; }

    internal override bool SharesAnswers => false;

    internal override bool LooksAtAll => Candidates.AreGrouped;

    internal override long RejectedCandidates => Candidates.Rejected;

    internal override IReadOnlyList<RejectedRecord> CandidateRejects => Candidates.RejectedRecords;

    internal override IReadOnlyList<KeyValuePair<string, string>> DependsOn =>
    [
        new("candidates", string.Create(
            CultureInfo.InvariantCulture,
            $"{Candidates.Count} of digest {Candidates.Digest:x32}, {Candidates.Rejected} rejected")),
    ];

    internal override IReadOnlyList<string> EndNotes
    {
        get
        {
            KeyValuePair<string, CandidateGroup>[] unmet = [.. Candidates.Unmet];
            int count = unmet.Sum(group => group.Value.Members.Count);
            if (count == 0)
                return [];
            (string query, CandidateGroup first) = unmet.First(group => group.Value.Members.Count > 0);
            string what = count == 1 ? "1 candidate names a query" : $"{count} candidates name queries";
            return
            [
                $"{what} that {(count == 1 ? "is" : "are")} not among the queries "
                + $"(first: '{Printable.OneLine(query)}', {Printable.OneLine(first.First.Source)}, "
                + $"{first.First.Unit} {first.First.Line})",
            ];
        }
    }

    /// <summary>About how many bytes a ranking takes, rather too many than too few.</summary>
    public long RowBytes(CandidateGroup group) => BytesPerRow + group.RowBytes(top);

    internal override RecordParts NewParts(int maxLength) => new PairParts(this, Math.Min(maxLength, Model.MaxTokens));

    internal override void LookAt(in TextRecord record)
    {
        CandidateGroup group = Candidates.Of(record.Id);
        if (group != CandidateGroup.None)
            group.IsMet = true;
    }

    internal override long RowBytes(string? text, string? pair, int tokens) =>
        RowBytes(CandidateGroup.None);

    internal override long HeapBytes(int threads)
    {
        long pairs = 0, row = 0;
        foreach (CandidateGroup group in Candidates.Groups)
            (pairs, row) = (Math.Max(pairs, group.Members.Count), Math.Max(row, RowBytes(group)));
        long perPair = (2L * threads + 2) * sizeof(float) + threads * 24L;   // scores on their way, and ordering them
        return Candidates.Bytes + pairs * perPair + row * (2L * threads + CopiesOfRow);
    }

    internal override ReadOnlySpan<byte> Values(Answer answer, in TextRecord record, ResultRows rows)
    {
        if (!rowPerPair)
            return base.Values(answer, record, rows);
        GatheredAnswer given = (GatheredAnswer)answer;
        rows.BeginSeveral();
        int rank = 0;
        foreach (int pair in ScoreOrder.Best(given.Logits, top))
        {
            Candidate candidate = Candidates[given.Group.Members[pair]];
            Begin(candidate.Id, rows);
            rows.Count("rank", ++rank);
            rows.Number("score", Scores.Score(given.Logits[pair]));
            WriteInfo(given.Pair(pair), record.Replaced | candidate.IsReplaced, rows);
            rows.EndRow();
        }
        foreach (RejectedCandidate rejected in given.Group.Rejected)
        {
            Begin(rejected.Id, rows);
            rows.Text("rejected", rejected.Error);
            rows.EndRow();
        }
        if (rank + given.Group.Rejected.Count == 0)
        {
            rows.Begin();
            rows.Text("candidate", null);
            rows.EndRow();
        }
        return rows.EndSeveral();
    }

    private protected override void Write(Answer answer, in TextRecord record, ResultRows rows)
    {
        GatheredAnswer given = (GatheredAnswer)answer;
        Utf8JsonWriter json = rows.BeginNested("results");
        json.WriteStartArray();
        foreach (int pair in ScoreOrder.Best(given.Logits, top))
        {
            Candidate candidate = Candidates[given.Group.Members[pair]];
            json.WriteStartObject();
            candidate.Id.WriteProperties(json);
            json.WriteNumber("score"u8, Scores.Score(given.Logits[pair]));
            if (given.Pair(pair).Truncated)
                json.WriteBoolean("truncated"u8, true);
            if (candidate.IsReplaced)
                json.WriteBoolean("replaced"u8, true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        rows.EndNested();
        if (given.Group.Rejected.Count > 0)
            WriteRejected(given.Group.Rejected, rows);
    }

    private static void WriteRejected(IReadOnlyList<RejectedCandidate> rejected, ResultRows rows)
    {
        Utf8JsonWriter json = rows.BeginNested("rejected");
        json.WriteStartArray();
        foreach (RejectedCandidate one in rejected)
        {
            json.WriteStartObject();
            one.Id.WriteProperties(json);
            json.WriteString("error"u8, one.Error);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        rows.EndNested();
    }

    private static void Begin(RecordId candidate, ResultRows rows)
    {
        rows.Begin();
        rows.Text("candidate", candidate.IsMissing ? null : candidate.ToString());
    }
}
