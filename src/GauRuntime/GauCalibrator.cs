using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using GauRuntime.Answers;
using GauRuntime.Fitting;
using GauRuntime.Sessions;
using GauRuntime.Weights.Files;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime;

/// <summary>
/// Makes a classifier's scores probabilities: fits a temperature to labelled texts, and where a text may have several
/// labels a threshold to each, as <c>gau calibrate</c> does.
/// </summary>
/// <remarks>
/// Take texts that the model was not trained on. Thread-safe; a call computes on all threads that the model has. Needs
/// no disposal: the buffers belong to the model.
/// </remarks>
public sealed class GauCalibrator
{
    private readonly int maxTokens;

    /// <summary>Calibrates a model, whose own calibration, if it has one, does not count.</summary>
    /// <param name="model">Disposed by who loaded it, after the last call.</param>
    /// <param name="maxTokens">
    /// Where texts are cut; null: as the model says, else at <see cref="GauBatch.UsualMaxLength"/>.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The model's head is none that can be calibrated: it gives no probabilities, or has one label alone.
    /// </exception>
    public GauCalibrator(GauModel model, int? maxTokens = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!HeadCalibration.Fits(model.Head) || model.Head is { Kind: not HeadKind.MultipleChoice, Labels.Count: 1 }
            and not { ProblemType: ProblemType.MultiLabel })
            throw new ArgumentException(
                $"{model.File.Path}: the model's head gives no probabilities that could be calibrated", nameof(model));
        Model = model;
        this.maxTokens = TextSession.Checked(maxTokens, model, nameof(maxTokens));
    }

    /// <summary>The model.</summary>
    public GauModel Model { get; }

    /// <summary>Fits a calibration of a sequence classifier.</summary>
    /// <param name="texts">At least 50; their logits are held meanwhile.</param>
    /// <param name="name">What the texts are called in <see cref="HeadCalibration.Data"/>.</param>
    /// <param name="precision">
    /// The precision that is wanted of each label, above 0 and at most 1, where a text may have several; null: the
    /// greatest F1 of each.
    /// </param>
    /// <param name="progress">Told after every few texts, by one thread at a time.</param>
    /// <param name="cancel">Ends the call, in the middle of a pass too.</param>
    /// <exception cref="ArgumentException">
    /// A text has labels that the model cannot give it, or nothing can be fitted to the texts: the message says why.
    /// </exception>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public HeadCalibration Fit(
        IReadOnlyList<LabelledText> texts, string name, double? precision = null,
        IProgress<BatchProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentException.ThrowIfNullOrEmpty(name);
        Require(HeadKind.SequenceClassification);
        if (precision is not null && Model.Head.ProblemType != ProblemType.MultiLabel)
            throw new ArgumentException("the model gives a text one label, without a threshold", nameof(precision));
        if (precision is not null && !(precision > 0 && precision <= 1))
            throw new ArgumentOutOfRangeException(nameof(precision), precision, "it is not above 0 and at most 1");
        XxHash128 hash = new();
        int[][] right = new int[texts.Count][];
        for (int i = 0; i < texts.Count; i++)
        {
            LabelledText text = texts[i] ?? throw new ArgumentException($"text {i} is null", nameof(texts));
            Append(hash, text.Text ?? throw new ArgumentException($"text {i} is null", nameof(texts)));
            Append(hash, text.Pair);
            if (text.Labels is null)
                throw new ArgumentException($"the labels of text {i} are null", nameof(texts));
            right[i] = [.. text.Labels.Select(label => IndexOf(label, i)).Distinct()];
            if (Model.Head.ProblemType == ProblemType.SingleLabel && right[i].Length != 1)
                throw new ArgumentException($"text {i} has {right[i].Length} labels, not one", nameof(texts));
            hash.Append(MemoryMarshal.AsBytes(right[i].AsSpan()));
        }
        TextAnswers<LabelAnswer, float[]> logits = new(
            new LabelHead(Model, raw: true), GauTelemetry.Calibrate, maxTokens, answer => answer.Values.ToArray());
        return Fit(
            logits.Many(texts.Count, (session, i) => Add(session, logits.Head, texts[i]), progress, cancel),
            right, name, hash, precision, nameof(texts));

        int IndexOf(string label, int text)
        {
            for (int i = 0; i < Model.Head.Labels.Count; i++)
                if (Model.Head.Labels[i] == label)
                    return i;
            throw new ArgumentException($"text {text}: the model has no label '{label}'", nameof(texts));
        }
    }

    /// <summary>Fits a calibration of multiple choice.</summary>
    /// <param name="questions">At least 50; their logits are held meanwhile.</param>
    /// <param name="name">What the questions are called in <see cref="HeadCalibration.Data"/>.</param>
    /// <param name="progress">Told after every few questions, by one thread at a time.</param>
    /// <param name="cancel">Ends the call, in the middle of a pass too.</param>
    /// <exception cref="ArgumentException">
    /// A question has no such choice, or nothing can be fitted to the questions: the message says why.
    /// </exception>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public HeadCalibration Fit(
        IReadOnlyList<LabelledChoice> questions, string name, IProgress<BatchProgress>? progress = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(questions);
        ArgumentException.ThrowIfNullOrEmpty(name);
        Require(HeadKind.MultipleChoice);
        XxHash128 hash = new();
        int[][] right = new int[questions.Count][];
        for (int i = 0; i < questions.Count; i++)
        {
            LabelledChoice question =
                questions[i] ?? throw new ArgumentException($"question {i} is null", nameof(questions));
            if (question.Choices is null)
                throw new ArgumentException($"the choices of question {i} are null", nameof(questions));
            if (question.Right < 0 || question.Right >= question.Choices.Count)
                throw new ArgumentException(
                    $"question {i} has {question.Choices.Count} choices, none of which is {question.Right}",
                    nameof(questions));
            Append(hash, question.Text);
            foreach (string choice in question.Choices)
                Append(
                    hash, choice ?? throw new ArgumentException($"question {i}: a choice is null", nameof(questions)));
            right[i] = [question.Right];
            hash.Append(MemoryMarshal.AsBytes(right[i].AsSpan()));
        }
        TextAnswers<ChoiceAnswer, float[]> logits = new(
            new ChoiceHead(Model, raw: true), GauTelemetry.Calibrate, maxTokens, answer => answer.Values.ToArray());
        return Fit(
            logits.Many(questions.Count, (session, i) => Add(session, logits.Head, questions[i]), progress, cancel),
            right, name, hash, precision: null, nameof(questions));
    }

    /// <summary>Writes a copy of the model's file that has a calibration; its weights are the same bytes.</summary>
    /// <param name="calibration">Fits the model's head.</param>
    /// <param name="path">Appears when it is complete, in place of a file of that name.</param>
    /// <exception cref="ArgumentException">It does not fit.</exception>
    /// <exception cref="IOException">
    /// The file cannot be written, or the model's has changed; nothing is left.
    /// </exception>
    public void Save(HeadCalibration calibration, string path)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        using AtomicFile file = new(path, bufferSize: 0);
        ModelFileWriter.AddCalibration(Model.File, file.Stream, calibration);
        Model.File.RequireUnchanged();
        file.Commit(replace: true);
    }

    private HeadCalibration Fit(
        IReadOnlyList<float[]> logits, int[][] right, string name, XxHash128 hash, double? precision, string parameter)
    {
        CalibrationFit? fit = CalibrationFit.Of(
            Model.Head, [.. logits.Select((each, i) => new LabelledLogits(each, right[i]))], precision, [name],
            hash.GetCurrentHashAsUInt128().ToString("x32", CultureInfo.InvariantCulture), out string? fault);
        return fit?.Calibration ?? throw new ArgumentException(fault, parameter);
    }

    private void Require(HeadKind kind)
    {
        if (Model.Head.Kind != kind)
            throw new ArgumentException(
                $"the model's head is {JsonName.Of(Model.Head.Kind)}: these are examples of {JsonName.Of(kind)}");
    }

    private void Add(TextSession session, AnswerHead head, LabelledText text)
    {
        if (text.Pair is null)
            session.Add(head, text.Text, maxTokens);
        else
            session.Add(head, text.Text, text.Pair, maxTokens);
    }

    private void Add(TextSession session, AnswerHead head, LabelledChoice question)
    {
        foreach (string choice in question.Choices)
            session.EncodeChoice(head, question.Text is not null, question.Text, choice, maxTokens);
        session.AddEncoded(head);
    }

    // Its length before it, so that no two lists of texts are the same bytes.
    private static void Append(XxHash128 hash, string? text)
    {
        int length = text?.Length ?? -1;
        hash.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in length)));
        hash.Append(MemoryMarshal.AsBytes(text.AsSpan()));
    }
}
