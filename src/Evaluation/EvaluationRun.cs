using GauRuntime.Evaluation.Clue;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Fitting;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Evaluation;

/// <summary>Scores labelled records as a <see cref="ScoringRun"/> does, and compares instead of writing.</summary>
internal sealed class EvaluationRun
{
    private readonly HeadEvaluation evaluation;
    private readonly LabelField field;
    private readonly ClueTask? clue;
    private readonly CalibratedAnswers? calibrated;

    private EvaluationRun(RecordTask task, HeadEvaluation evaluation, string label, bool isRequired)
    {
        this.evaluation = evaluation;
        Task = task;
        field = new LabelField(label, isRequired, evaluation);
    }

    // A calibrated model is judged with and without its calibration, for which its logits are needed. Windows are put
    // together by their probabilities, so there it is judged as it is.
    private EvaluationRun(GauModel model, WindowOptions? windows, string label, bool isRequired, ClueTask? clue)
        : this(
            ComparesLogits(model, windows)
                ? RecordTask.Logits(model)
                : RecordTask.Score(model, new LabelDecision(), windows),
            HeadEvaluation.Of(model.Head, ComparesLogits(model, windows)), label, isRequired)
    {
        this.clue = clue;
        calibrated = ComparesLogits(model, windows) ? new CalibratedAnswers(model.Head) : null;
    }

    /// <summary>What is computed.</summary>
    public RecordTask Task { get; }

    /// <summary>Evaluates a model's own head.</summary>
    /// <param name="model">The model.</param>
    /// <param name="label">The field of the label.</param>
    /// <param name="windows">The windows that texts are read in, or null.</param>
    /// <exception cref="ScoringException">The model has no head that could be right.</exception>
    public static EvaluationRun Of(GauModel model, string label, WindowOptions? windows = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new EvaluationRun(model, windows, label, isRequired: true, clue: null);
    }

    /// <summary>Evaluates a task whose answers a label can be compared with.</summary>
    /// <param name="task">The task, of a head that has no calibration.</param>
    /// <param name="label">The field of the label.</param>
    public static EvaluationRun Of(RecordTask task, string label)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new EvaluationRun(task, HeadEvaluation.Of(task.Head.Config), label, isRequired: true);
    }

    /// <summary>Collects the logits of a model's own head, for a calibration.</summary>
    /// <param name="model">The model.</param>
    /// <param name="label">The field of the label.</param>
    /// <param name="logits">Takes them.</param>
    /// <exception cref="ScoringException">The model has no head that can be calibrated.</exception>
    public static EvaluationRun Collecting(GauModel model, string label, out LogitCollection logits)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!HeadCalibration.Fits(model.Head))
            throw new ScoringException(
                ScoringFault.Usage,
                "only the scores of classifiers of texts and of multiple choice can be calibrated; this model's head "
                    + $"is {JsonName.Of(model.Head.Kind)}"
                    + (model.Head.Kind == HeadKind.SequenceClassification ? ", a regression" : ""));
        if (model.Head.Kind == HeadKind.SequenceClassification && model.Head.ProblemType == ProblemType.SingleLabel
            && model.Head.Labels.Count == 1)
            throw new ScoringException(
                ScoringFault.Usage, "the model has one label, whose probability is always 1: there is nothing to fit");
        logits = new LogitCollection(model.Head);
        return new EvaluationRun(RecordTask.Logits(model), logits, label, isRequired: true);
    }

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
        return new EvaluationRun(model, windows, ClueReader.Label, isRequired: false, clue);
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
    /// <param name="detailed">Whether the report has what a page shows.</param>
    /// <param name="cancel">Ends it.</param>
    /// <inheritdoc cref="ScoringRun.Write(Stream, Stream?, CancellationToken)" path="/exception"/>
    public EvaluationReport Run(
        ScoringRun run, Stream? rejects, Stream? predictions, bool detailed, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(run);
        PredictionWriter? writer = predictions is null ? null : clue!.Writer(predictions, Task.Model.Head);
        EvaluationDetails? details = detailed ? new EvaluationDetails(evaluation) : null;
        EvaluationSink sink = new(evaluation, rejects, writer) { Calibrated = calibrated, Details = details };
        run.Write(sink, cancel);
        return new EvaluationReport
        {
            Task = clue?.Name,
            Records = run.Totals.Written.Records,
            Unlabelled = sink.Unlabelled,
            Truncated = run.Totals.Written.Truncated,
            Rejected = sink.Reasons,
            Evaluation = evaluation,
            Details = details,
        };
    }

    private static bool ComparesLogits(GauModel model, WindowOptions? windows) =>
        model.Head.Calibration is not null && windows is null;
}
