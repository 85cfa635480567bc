using System.CommandLine;
using GauRuntime.Cli.Records;
using GauRuntime.Evaluation;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Evaluate;

/// <summary>Runs a model over labelled records, for whatever is made of its answers.</summary>
internal sealed class LabelledRun(RecordOptions options, ParseResult result, CommandHost host)
{
    /// <summary>The field of the labels, whose name no other field may have; null: the inputs have their own.</summary>
    public required string? Labels { get; init; }

    /// <summary>Bytes that what is made of the answers takes at most.</summary>
    public required long OwnBytes { get; init; }

    /// <inheritdoc cref="MonitoredRun.Rejects"/>
    public OutputFile? Rejects { get; init; }

    /// <summary>Does the work; faults are exceptions.</summary>
    /// <param name="evaluation">What is made of the answers.</param>
    /// <param name="inputs">The records.</param>
    /// <param name="work">Runs it, unless the run is a dry one; then it has been looked at, and no more.</param>
    /// <returns>How much there was.</returns>
    public RunTotals Do(
        EvaluationRun evaluation, IReadOnlyList<InputFile> inputs, Action<ScoringRun, RecordSource> work)
    {
        RecordFields fields = options.Fields(result, evaluation.Task.DefaultFields);
        string?[] used = [fields.Text, fields.Pair, fields.Id, fields.Choices];
        if (Labels is not null && used.Contains(Labels))
            throw new ToolException(ExitCode.Usage, $"--labels: '{Labels}' is the field of something else");
        using RecordSource source = evaluation.Open(inputs, fields, options.LongestLine(result));
        ScoringOptions asked = options.Run(result, host, evaluation.Task.Model);
        MemoryBound memory = new(
            options.Memory(result), asked.Threads, limit => Plan(evaluation, source, asked, limit));
        return new MonitoredRun(options, result, host) { Rejects = Rejects }.Do(
            evaluation.Task, source, RecordFormat.JsonLines, memory,
            run =>
            {
                if (options.DryRun(result) is { } most)
                    run.Check(most, host.Cancel);
                else
                    work(run, source);
            });
    }

    private MemoryPlan Plan(EvaluationRun evaluation, RecordSource source, ScoringOptions asked, long limit)
    {
        MemoryPlan plan = MemoryPlan.For(evaluation.Task, source, asked, toTable: false, limit - OwnBytes);
        return plan with { Heap = plan.Heap + OwnBytes };
    }
}
