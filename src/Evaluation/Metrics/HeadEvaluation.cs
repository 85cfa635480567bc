using System.Globalization;
using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Fitting;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Evaluation.Metrics;

/// <summary>Compares the answers of a head with labels. Memory does not grow with the records.</summary>
internal abstract class HeadEvaluation
{
    /// <summary>Records with an answer and a label.</summary>
    public long Count { get; private set; }

    /// <summary>The figures, the most telling first.</summary>
    public abstract IReadOnlyList<Measure> Measures { get; }

    /// <summary>Every label on its own, where there are several.</summary>
    public virtual ClassCounts? Classes => null;

    /// <summary>Whether a label may be an array, which a table has no other way to hold than as a text.</summary>
    internal virtual bool TakesArrays => false;

    /// <summary>What was taken for what, where an answer is one label of a few.</summary>
    public virtual ConfusionMatrix? Confusion => null;

    /// <summary>Whether the scores mean what they say, where an answer has one.</summary>
    public virtual Calibration? Calibration => null;

    /// <summary>
    /// The same of the scores that a calibrated model would have without its calibration, where it is told of them;
    /// else null.
    /// </summary>
    public virtual Calibration? Uncalibrated => null;

    /// <summary>Of a model's own head.</summary>
    /// <param name="head">The head.</param>
    /// <param name="compares">
    /// Whether it is told of a calibrated head what that would answer without its calibration.
    /// </param>
    /// <exception cref="ScoringException">The model has no head but the masked LM.</exception>
    public static HeadEvaluation Of(HeadConfig head, bool compares = true)
    {
        ArgumentNullException.ThrowIfNull(head);
        bool isCalibrated = compares && head.Calibration is not null;
        return head.Kind switch
        {
            HeadKind.SequenceClassification => head.ProblemType switch
            {
                ProblemType.Regression => new ValueEvaluation(),
                ProblemType.MultiLabel => new LabelSetEvaluation(head, isCalibrated),
                _ => new LabelEvaluation(head, isCalibrated),
            },
            HeadKind.TokenClassification => new EntityEvaluation(head.Labels),
            HeadKind.MultipleChoice => new ChoiceEvaluation(isCalibrated),
            HeadKind.QuestionAnswering => new AnswerEvaluation(),
            _ => throw new ScoringException(ScoringFault.Usage, "the model has no head whose answers could be right"),
        };
    }

    /// <summary>Why a label is not valid, or null.</summary>
    internal abstract string? Fault(JsonElement label);

    /// <summary>Why a label is none for its record, or null.</summary>
    internal virtual string? Fault(in TextRecord record, JsonElement label) => Fault(label);

    /// <summary>Takes an answer and its label, which has no fault.</summary>
    /// <param name="record">Whose they are.</param>
    /// <param name="answer">The answer of a head of the kind.</param>
    /// <param name="label">The label.</param>
    /// <param name="before">What a calibrated model would answer without its calibration; else null.</param>
    /// <returns>How wrong it is, from 0: right; only answers of one head can be compared by it.</returns>
    internal double Add(in TextRecord record, Answer answer, JsonElement label, NumbersAnswer? before = null)
    {
        Count++;
        if (Calibration is { } calibration)
        {
            int[] right = Truths(label);
            calibration.Add(((NumbersAnswer)answer).Values, right);
            if (before is not null)
                Uncalibrated?.Add(before.Values, right);
        }
        return Compare(record, answer, label);
    }

    /// <summary>
    /// The outputs that are right by a label, which has no fault; of a head with a <see cref="Calibration"/>.
    /// </summary>
    internal virtual int[] Truths(JsonElement label) => throw new NotSupportedException();

    /// <summary>An answer in a few words, as a person would look at it beside the label.</summary>
    internal abstract string Shown(in TextRecord record, Answer answer);

    private protected abstract double Compare(in TextRecord record, Answer answer, JsonElement label);

    /// <summary>The measures of calibration.</summary>
    private protected IEnumerable<Measure> CalibrationMeasures =>
        Uncalibrated is null
            ? [new("calibration_error", Calibration?.Error)]
            : [
                new("calibration_error", Calibration?.Error),
                new("calibration_error_before", Uncalibrated.Error),
            ];

    /// <summary>A score for people.</summary>
    private protected static string Shown(float score) => score.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>A value out of a record, shortened, for a message.</summary>
    private protected static string Shown(JsonElement value)
    {
        const int Most = 40;
        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return Printable.Shortened(text, Most);
    }
}
