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

    private readonly RejectKinds rejects = new();
    private readonly string? field = source.Fields.Label;
    private readonly bool isRequired = source.Fields.ExpectsLabels;

    /// <summary>What should be known of what was read, one line each.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>Reads all of them.</summary>
    /// <param name="room">Bytes that they may take.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="Weights.GauFormatException">An input cannot be split into records.</exception>
    /// <exception cref="ScoringException">More candidates were rejected than allowed.</exception>
    /// <exception cref="IOException">An input cannot be read, or was changed meanwhile.</exception>
    public Candidates Read(long room, CancellationToken cancel)
    {
        Candidates candidates = new(room, isRequired);
        EncodedText encoded = new();
        int longest = GauTokenizer.RoomOfPair(maxLength);
        while (source.Next() is { } record)
        {
            cancel.ThrowIfCancellationRequested();
            string? query = Query(record, out string? fault);
            string? error = record.Error ?? fault ?? (query is null && isRequired ? $"no field '{field}'" : null);
            if (error is null)
                candidates.Add(record, query, model.Tokenizer.EncodeAlone(record.Text, encoded, longest));
            else
            {
                rejects.Add(record, error, source.Fields);
                candidates.Reject(record, query, error);
                RequireFew(candidates);
            }
        }
        RequireFew(candidates);
        Notes = Summary(candidates);
        return candidates;
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
        string[] lacking = candidates.Lacking == 0
            ? []
            : [new RejectKind($"no field '{field}'", candidates.Lacking, candidates.FirstLacking, true, []).ToString()];
        return
        [
            $"{count}{rejected}, {whose}",
            .. rejects.Lines(ShownKinds).Concat(lacking).Select(reason => $"candidates: {reason}"),
        ];
    }
}
