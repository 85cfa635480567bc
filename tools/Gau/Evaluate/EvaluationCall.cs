using System.CommandLine;
using System.Text;
using GauRuntime.Cli.Records;
using GauRuntime.Evaluation;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
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
        if (wanted.Page is "-")
            throw new ToolException(ExitCode.Usage, "--page: the report goes to standard output; name a file");
        TouchedFiles touched = Inputs.Touched(host, files);
        foreach (string answer in wanted.AnswerFiles(files))
            touched.Read(answer);
        touched.Read(options.Model(result));
        touched.Read(wanted.WordFile);
        touched.WriteTo(wanted.Output, "--output");
        touched.WriteTo(rejects, "--rejects");
        touched.WriteTo(wanted.Page, "--page");
        IReadOnlyDictionary<string, int>? answers = wanted.ReadAnswers(files, host);
        using EvaluationOutputs outputs = new(wanted.Output, rejects, wanted.Page, options.Force(result), host);
        (EvaluationReport? made, RunTotals totals) = Run(wanted, files, answers, outputs.Create());
        if (made is { } report)
            Tell(wanted, report, outputs);
        if (!files.All(Inputs.IsStandard))
            MonitoredRun.RequireResult(totals);
        return ExitCode.Ok;
    }

    private void Tell(EvaluationInputs wanted, EvaluationReport report, EvaluationOutputs outputs)
    {
        outputs.Commit();
        host.Print(json ? EvaluationJson.Of(report) : EvaluationWords.Of(report));
        if (wanted.Page is not null)
            host.Note($"the page is {wanted.Page}", json);
        if (report.Unlabelled == report.Records - report.Rejected.Records && report.Unlabelled > 0)
            host.Note("the input has no labels: there are predictions, and nothing to compare them with", json);
        if (wanted.Output is not null && report.Rejected.Records > 0)
            host.Note(
                $"{report.Rejected.Records} records were rejected and have no prediction: "
                    + "the benchmark compares predictions line by line", json);
    }

    // No report where the run is a dry one.
    private (EvaluationReport?, RunTotals) Run(
        EvaluationInputs wanted, InputFile[] files, IReadOnlyDictionary<string, int>? answers,
        EvaluationOutputs outputs)
    {
        using GauModel model = ModelSource.LoadToCompute(options.Model(result));
        EvaluationRun evaluation = wanted.Clue is { } clue
            ? EvaluationRun.Of(model, clue, wanted.Windows)
            : wanted.Prompt is { } prompt
            ? EvaluationRun.Of(RecordTask.Score(model, prompt.Template, prompt.Labels), wanted.Labels!)
            : EvaluationRun.Of(model, wanted.Labels!, wanted.Windows);
        EvaluationReport? report = null;
        LabelledRun labelled = new(options, result, host)
        {
            Labels = wanted.Labels, OwnBytes = EvaluationBytes + BytesPerAnswer * (answers?.Count ?? 0),
            Rejects = outputs.Rejects,
        };
        RunTotals totals = labelled.Do(
            evaluation, wanted.Read(files, model.Head, answers),
            (run, _) => report = evaluation.Run(
                run, outputs.Rejects?.Stream, outputs.Predictions, detailed: outputs.Page is not null, host.Cancel));
        if (report is not null && outputs.Page is { } page)
            page.Write(Encoding.UTF8.GetBytes(EvaluationPage.Of(report, model, [.. files.Select(f => f.Name)])));
        return (report, totals);
    }
}
