using System.CommandLine;
using GauRuntime.Answers;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Records;

/// <summary>Finds and reads the candidates that a command line names.</summary>
internal sealed class CandidateCall(
    CandidateOptions candidates, RecordOptions options, ParseResult result, CommandHost host)
{
    private readonly bool json = result.GetValue<bool>(CommonOptions.JsonName);
    private InputFile[] inputs = [];
    private CandidateReader? reader;
    private Candidates? read;

    /// <summary>Keep so many of the best; null: all.</summary>
    public int? Top { get; init; }

    /// <summary>Whether scores are logits.</summary>
    public bool IsRaw { get; init; }

    /// <summary>Whether a pair is a row, or a query is.</summary>
    public bool RowPerPair { get; init; }

    /// <summary>The rejected candidates, also of those that could not all be read.</summary>
    public IReadOnlyList<RejectedRecord> RejectedRecords => reader?.RejectedRecords ?? [];

    /// <summary>Finds the files.</summary>
    /// <param name="queries">What was typed for the queries.</param>
    /// <exception cref="ToolException">Both are standard input, or an option would have no effect.</exception>
    public InputFile[] Find(string queries)
    {
        string path = candidates.Path(result);
        if (path == "-" && queries == "-")
            throw new ToolException(ExitCode.Usage, "QUERIES and CANDIDATES cannot both be standard input");
        inputs = Inputs.Find([path], candidates.Format(result, options.InputFormat(result)), host, json);
        candidates.Check(result, inputs);
        return inputs;
    }

    /// <summary>Reads the candidates, and makes the task of them.</summary>
    /// <exception cref="ScoringException">The model is no cross-encoder, or too many were rejected.</exception>
    public RecordTask MakeTask(GauModel model)
    {
        if (ScoreHead.Fault(model.Head) is { } fault)
            throw new ScoringException(ScoringFault.Usage, fault);
        using RecordSource source = new(
            inputs, candidates.Fields(result, options.Fields(result, new RecordFields())), options.LongestLine(result));
        foreach (string note in source.Notes)
            host.Note(note, json);
        ScoreHead head = new(model, IsRaw);
        reader = new CandidateReader(
            model, source, options.MaxLength(result, model) ?? head.UsualMaxTokens, options.MostRejects(result))
        {
            Threads = options.Threads(result, host), KeepsRejects = options.Rejects(result) is not null,
        };
        try
        {
            read = reader.Read(MemoryBound.Limit(options.Memory(result)), host.Cancel);
        }
        catch (ScoringException e) when (e.Fault == ScoringFault.TooManyRejects)
        {
            foreach (string reason in reader.Reasons)
                host.Note(reason, json);
            throw;
        }
        foreach (string note in source.EndNotes.Concat(reader.Notes))
            host.Note(note, json);
        return new RerankTask(head, read, Top, RowPerPair);
    }

    /// <summary>Fails where there were candidates and all were rejected. What was written stays.</summary>
    /// <exception cref="ToolException">That is so.</exception>
    public void RequireCandidates()
    {
        if (read is { Count: 0, Rejected: > 0 })
            throw new ToolException(ExitCode.TooManyRejects, $"all {read.Rejected} candidates were rejected");
    }
}
