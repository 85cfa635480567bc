using GauRuntime.Evaluation;
using GauRuntime.Evaluation.Clue;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Train.Tests;

/// <summary>What <c>gau eval</c> computes of a model file.</summary>
internal static class GauEval
{
    /// <summary>Its figures by name, and the records that were compared.</summary>
    /// <param name="model">The model file.</param>
    /// <param name="records">Labelled records.</param>
    /// <param name="pair">Field of the second text, or null.</param>
    /// <param name="clue">The task of CLUE, or null.</param>
    public static (Dictionary<string, double?> Metrics, long Count) Of(
        string model, string records, string? pair = null, string? clue = null)
    {
        using GauModel loaded = GauModel.Load(model);
        ClueTask? task = clue is null ? null : ClueTask.Find(clue);
        EvaluationRun evaluation = task is null ? EvaluationRun.Of(loaded, "label") : EvaluationRun.Of(loaded, task);
        InputFile input = InputFile.Find(records, null);
        RecordFields fields = evaluation.Task.DefaultFields;
        using RecordSource source = evaluation.Open(
            [task is null ? input : task.Input(input, loaded.Head, null)], fields with { Pair = pair ?? fields.Pair },
            RecordSource.DefaultLongestLine);
        EvaluationReport report = evaluation.Run(
            new ScoringRun(evaluation.Task, source, new ScoringOptions { Threads = 1 }, RecordFormat.JsonLines), null,
            null, detailed: false, CancellationToken.None);
        return (
            report.Evaluation.Measures.ToDictionary(measure => measure.Name, measure => measure.Value),
            report.Evaluation.Count);
    }
}
