using GauRuntime.Evaluation.Clue;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Evaluation;

/// <summary>Scores labelled records as a <see cref="ScoringRun"/> does, and compares instead of writing.</summary>
internal sealed class EvaluationRun
{
    private readonly HeadEvaluation evaluation;
    private readonly LabelField field;
    private readonly ClueTask? clue;

    private EvaluationRun(RecordTask task, string label, bool isRequired, ClueTask? clue)
    {
        this.clue = clue;
        Task = task;
        evaluation = HeadEvaluation.Of(task.Head.Config);
        field = new LabelField(label, isRequired, evaluation);
    }

    /// <summary>What is computed.</summary>
    public RecordTask Task { get; }

    /// <summary>Evaluates a model's own head.</summary>
    /// <param name="model">The model.</param>
    /// <param name="label">The field of the label.</param>
    /// <exception cref="ScoringException">The model has no head that could be right.</exception>
    public static EvaluationRun Of(GauModel model, string label) => Of(RecordTask.Score(model), label);

    /// <summary>Evaluates a task whose answers a label can be compared with.</summary>
    /// <param name="task">The task.</param>
    /// <param name="label">The field of the label.</param>
    public static EvaluationRun Of(RecordTask task, string label) => new(task, label, isRequired: true, clue: null);

    /// <summary>Evaluates a model on a task of CLUE.</summary>
    /// <param name="model">The model.</param>
    /// <param name="clue">The task.</param>
    /// <param name="windows">The windows that texts are read in, or null.</param>
    /// <exception cref="ScoringException">The model's head is not one for this task.</exception>
    public static EvaluationRun Of(GauModel model, ClueTask clue, WindowOptions? windows = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(clue);
        clue.Require(model.Head);
        RecordTask task = windows is null ? RecordTask.Score(model) : RecordTask.Score(model, windows);
        return new EvaluationRun(task, ClueReader.Label, isRequired: false, clue);
    }

    /// <summary>The records; those without a valid label are rejected.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="fields">Which fields mean what.</param>
    /// <param name="longestLine">Longer records are rejected.</param>
    /// <exception cref="ScoringException">A format has no labels.</exception>
    public RecordSource Open(IReadOnlyList<InputFile> inputs, RecordFields fields, int longestLine)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(fields);
        if (inputs.FirstOrDefault(i => i.Format == RecordFormat.Text && clue is null) is { } text)
            throw new ScoringException(ScoringFault.Usage, "lines of text have no labels", text.Name);
        return new RecordSource(
            inputs,
            fields with { KeepOthers = true, Label = field.Name, ExpectsLabels = field.IsRequired },
            longestLine)
        {
            Check = field.Check,
        };
    }

    /// <summary>Does the work.</summary>
    /// <param name="run">A run of <see cref="Task"/> over what <see cref="Open"/> gave, of rows in JSON Lines.</param>
    /// <param name="rejects">Where rejected records go as well, or null.</param>
    /// <param name="predictions">Where a CLUE task's predictions go, or null.</param>
    /// <param name="cancel">Ends it.</param>
    /// <inheritdoc cref="ScoringRun.Write(Stream, Stream?, CancellationToken)" path="/exception"/>
    public EvaluationReport Run(ScoringRun run, Stream? rejects, Stream? predictions, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(run);
        PredictionWriter? writer = predictions is null ? null : clue!.Writer(predictions, Task.Model.Head);
        EvaluationSink sink = new(evaluation, rejects, writer);
        run.Write(sink, cancel);
        return new EvaluationReport
        {
            Task = clue?.Name,
            Records = run.Totals.Written.Records,
            Unlabelled = sink.Unlabelled,
            Truncated = run.Totals.Written.Truncated,
            Rejected = sink.Reasons,
            Evaluation = evaluation,
        };
    }
}
