using System.Runtime.ExceptionServices;
using System.Text.Json;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Text;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>Reads and tokenizes the candidates of a run that ranks them.</summary>
/// <param name="model">Whose tokenizer it is.</param>
/// <param name="source">The records; their label is the query that they name.</param>
/// <param name="maxLength">Most tokens of a pair.</param>
/// <param name="maxRejects">More rejected candidates end it.</param>
internal sealed class CandidateReader(GauModel model, RecordSource source, int maxLength, long? maxRejects)
{
    private const int ShownKinds = 3;
    private const int MostAtOnce = 256;
    private const long BytesAtOnce = 1 << 20;

    private readonly List<TextRecord> records = [];   // that are tokenized at once
    private readonly EncodedText[] encoded =
        [.. Enumerable.Range(0, MostAtOnce).Select(_ => new EncodedText(keepsSpans: false))];
    private readonly int longest = GauTokenizer.RoomOfPair(maxLength);
    private readonly RejectKinds rejects = new();
    private Candidates? read;
    private ExceptionDispatchInfo? inputFault;
    private readonly string? field = source.Fields.Label;
    private readonly bool isRequired = source.Fields.ExpectsLabels;

    /// <summary>Threads that tokenize.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Whether rejected candidates are kept as they were read.</summary>
    public bool KeepsRejects { get; init; }

    /// <summary>What should be known of what was read, one line each.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>Why candidates were rejected, one line each.</summary>
    public IEnumerable<string> Reasons =>
        rejects.Lines(ShownKinds).Concat(Lacking).Select(reason => $"candidates: {reason}");

    private string[] Lacking => read is { Lacking: > 0 }
        ? [new RejectKind(read.Lack, read.Lacking, read.FirstLacking, IsSame: true, []).ToString()]
        : [];

    /// <summary>The rejected ones so far, in order, where they are kept.</summary>
    public IReadOnlyList<RejectedRecord> RejectedRecords => read?.RejectedRecords ?? [];

    /// <summary>Reads all of them.</summary>
    /// <param name="room">Bytes that they may take.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="Weights.GauFormatException">An input cannot be split into records.</exception>
    /// <exception cref="ScoringException">More candidates were rejected than allowed.</exception>
    /// <exception cref="IOException">An input cannot be read, or was changed meanwhile.</exception>
    public Candidates Read(long room, CancellationToken cancel)
    {
        Candidates candidates = read = new(room, field, isRequired, KeepsRejects);
        ParallelOptions options = new() { MaxDegreeOfParallelism = Threads, CancellationToken = cancel };
        try
        {
            while (ReadSome())
            {
                Parallel.For(0, records.Count, options, i =>
                {
                    if (records[i].Error is null)
                        model.Tokenizer.EncodeAlone(records[i].Text, encoded[i], longest);
                });
                for (int i = 0; i < records.Count; i++)
                    Take(records[i], encoded[i], candidates);
            }
            RequireFew(candidates);
        }
        finally
        {
            candidates.Complete();   // also where no more come: those rejected so far are told
        }
        Notes = Summary(candidates);
        return candidates;
    }

    // The next records, few enough to be held besides all others. Those before a fault of the input are taken before it
    // is thrown.
    private bool ReadSome()
    {
        inputFault?.Throw();
        records.Clear();
        try
        {
            for (long bytes = 0; records.Count < MostAtOnce && bytes < BytesAtOnce && source.Next() is { } record;)
            {
                records.Add(record);
                bytes += record.Bytes;
            }
        }
        catch (Weights.GauFormatException e) when (records.Count > 0)
        {
            inputFault = ExceptionDispatchInfo.Capture(e);
        }
        return records.Count > 0;
    }

    private void Take(in TextRecord record, EncodedText tokens, Candidates candidates)
    {
        string? query = Query(record, out string? fault);
        string? error = record.Error ?? fault ?? (query is null && isRequired ? candidates.Lack : null);
        if (error is null)
        {
            candidates.Add(record, query, new TextTokens(tokens.Ids, tokens.TotalTokens));
            return;
        }
        rejects.Add(record, error, source.Fields);
        candidates.Reject(record, query, error);
        RequireFew(candidates);
    }

    // The query that a candidate names.
    private string? Query(in TextRecord record, out string? fault)
    {
        fault = null;
        if (record.Label is null or "null")
            return null;
        try
        {
            if (record.Label[0] is not ('{' or '['))
                return RecordId.OfJson(record.Label).ToString();
            string found = JsonRecord.Kind(
                record.Label[0] == '{' ? JsonTokenType.StartObject : JsonTokenType.StartArray);
            fault = $"field '{field}': expected the id of a query, found {found}";
        }
        catch (InvalidOperationException)
        {
            fault = "a string holds half of a surrogate pair";
        }
        return null;
    }

    private void RequireFew(Candidates candidates)
    {
        if (candidates.Rejected > maxRejects)
            throw new ScoringException(
                ScoringFault.TooManyRejects, $"{candidates.Rejected} candidates rejected; {maxRejects} are allowed");
    }

    private string[] Summary(Candidates candidates)
    {
        string rejected = candidates.Rejected == 0 ? "" : $" ({candidates.Rejected} rejected)";
        string whose = candidates.AreGrouped
            ? $"each for the query that its field '{field}' names"
            : "all for every query";
        string count = candidates.Count == 1 ? "1 candidate" : $"{candidates.Count} candidates";
        return [$"{count}{rejected}, {whose}", .. Reasons];
    }
}
