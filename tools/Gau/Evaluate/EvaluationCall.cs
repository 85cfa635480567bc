using System.CommandLine;
using GauRuntime.Cli.Commands;
using GauRuntime.Cli.Records;
using GauRuntime.Evaluation;
using GauRuntime.Kernels;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Evaluate;

/// <summary>Evaluates what a command line names, and tells how it went.</summary>
internal sealed class EvaluationCall(RecordOptions options, ParseResult result, CommandHost host)
{
    private const long EvaluationBytes = 16 << 20, BytesPerAnswer = 160;

    private readonly bool json = result.GetValue<bool>(CommonOptions.JsonName);

    /// <returns>The exit code; faults are exceptions.</returns>
    public int Execute(EvaluationInputs wanted)
    {
        InputFile[] files = Inputs.Find(wanted.Paths, options.InputFormat(result), host, json);
        options.CheckFields(result, wanted.Clue is null ? files : []);
        string? rejects = options.Rejects(result);
        if (wanted.Output is "-")
            throw new ToolException(ExitCode.Usage, "--output: the report goes to standard output; name a file");
        TouchedFiles touched = Inputs.Touched(host, files);
        foreach (string answer in wanted.AnswerFiles(files))
            touched.Read(answer);
        touched.Read(options.Model(result));
        touched.Read(wanted.WordFile);
        touched.WriteTo(wanted.Output, "--output");
        touched.WriteTo(rejects, "--rejects");
        IReadOnlyDictionary<string, int>? answers = wanted.ReadAnswers(files, host);
        using OutputFile? output = Create(wanted.Output);
        using OutputFile? rejectsFile = Create(rejects);
        (EvaluationReport? made, RunTotals totals) = Run(wanted, files, answers, rejectsFile?.Stream, output?.Stream);
        if (made is { } report)
            Tell(wanted, report, output, rejectsFile);
        if (!files.All(Inputs.IsStandard))
            MonitoredRun.RequireResult(totals);
        return ExitCode.Ok;
    }

    private void Tell(
        EvaluationInputs wanted, EvaluationReport report, OutputFile? output, OutputFile? rejectsFile)
    {
        output?.Commit();
        rejectsFile?.Commit();
        host.Print(json ? EvaluationJson.Of(report) : EvaluationWords.Of(report));
        if (report.Unlabelled == report.Records - report.Rejected.Records && report.Unlabelled > 0)
            host.Note("the input has no labels: there are predictions, and nothing to compare them with", json);
        if (wanted.Output is not null && report.Rejected.Records > 0)
            host.Note(
                $"{report.Rejected.Records} records were rejected and have no prediction: "
                    + "the benchmark compares predictions line by line", json);
    }

    private OutputFile? Create(string? path) =>
        path is null ? null : OutputFile.Create(path, options.Force(result) || OutputFile.IsDevice(path));

    // No report where the run is a dry one.
    private (EvaluationReport?, RunTotals) Run(
        EvaluationInputs wanted, InputFile[] files, IReadOnlyDictionary<string, int>? answers, Stream? rejects,
        Stream? predictions)
    {
        _ = Task.Run(KernelTiers.Prepare, CancellationToken.None);   // while the model is checked
        using GauModel model = ModelSource.Load(options.Model(result));
        EvaluationRun evaluation = wanted.Clue is { } clue
            ? EvaluationRun.Of(model, clue, wanted.Windows)
            : EvaluationRun.Of(ScoreCommand.TaskOf(model, wanted.Windows, wanted.Prompt), wanted.Labels!);
        RecordFields fields = options.Fields(result, evaluation.Task.DefaultFields);
        string?[] used = [fields.Text, fields.Pair, fields.Id, fields.Choices];
        if (wanted.Clue is null && used.Contains(wanted.Labels))
            throw new ToolException(ExitCode.Usage, $"--labels: '{wanted.Labels}' is the field of something else");
        using RecordSource source = evaluation.Open(
            wanted.Read(files, model.Head, answers), fields, options.LongestLine(result));
        ScoringOptions asked = options.Run(result, host, model);
        MemoryBound memory = new(
            options.Memory(result), asked.Threads, limit => Plan(evaluation.Task, source, asked, answers, limit));
        EvaluationReport? report = null;
        RunTotals totals = new MonitoredRun(options, result, host).Do(
            evaluation.Task, source, RecordFormat.JsonLines, memory,
            run =>
            {
                if (options.DryRun(result) is { } most)
                    run.Check(most, host.Cancel);
                else
                    report = evaluation.Run(run, rejects, predictions, host.Cancel);
            });
        return (report, totals);
    }

    private static MemoryPlan Plan(
        RecordTask task, RecordSource source, ScoringOptions asked, IReadOnlyDictionary<string, int>? answers,
        long limit)
    {
        long own = EvaluationBytes + BytesPerAnswer * (answers?.Count ?? 0);
        MemoryPlan plan = MemoryPlan.For(task, source, asked, toTable: false, limit - own);
        return plan with { Heap = plan.Heap + own };
    }
}
