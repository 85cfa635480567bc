using GauRuntime.Heads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Fitting;

/// <summary>What was fitted to labelled texts, and what came of it there.</summary>
internal sealed class CalibrationFit
{
    /// <summary>Fewer records are no ground for a temperature.</summary>
    public const int LeastRecords = 50;

    private readonly HeadConfig head;
    private readonly IReadOnlyList<LabelledLogits> examples;

    private CalibrationFit(
        HeadConfig head, IReadOnlyList<LabelledLogits> examples, float temperature, IReadOnlyList<string> data,
        string dataHash)
    {
        this.head = head;
        this.examples = examples;
        (Before, After) = (Fitting.Calibration.Of(head), Fitting.Calibration.Of(head));
        Calibration = new HeadCalibration
        {
            Temperature = temperature, Data = data, DataHash = dataHash, Records = examples.Count,
            ErrorBefore = 0, ErrorAfter = 0,
        };
        CalibratedAnswers answers = Answers();
        foreach (LabelledLogits example in examples)
        {
            answers.Read(example.Logits, default);
            Before.Add(answers.Before.Values, example.Right);
            After.Add(answers.After.Values, example.Right);
        }
        Calibration = Calibration with { ErrorBefore = Before.Error!.Value, ErrorAfter = After.Error!.Value };
    }

    /// <summary>What goes into the model file.</summary>
    public HeadCalibration Calibration { get; private set; }

    /// <summary>The head's scores without it.</summary>
    public Calibration Before { get; }

    /// <summary>The head's scores with it.</summary>
    public Calibration After { get; }

    /// <summary>Labels that too few records have, so that their threshold stays one half.</summary>
    public IReadOnlyList<string> Rare { get; private set; } = [];

    /// <summary>Labels that have the wanted precision from no score on, so that they are never chosen.</summary>
    public IReadOnlyList<string> Never { get; private set; } = [];

    /// <summary>Fits a calibration.</summary>
    /// <param name="head">What is calibrated.</param>
    /// <param name="examples">Its logits of labelled texts.</param>
    /// <param name="precision">The precision that is wanted of each of several labels; null: the greatest F1.</param>
    /// <param name="data">What the texts are called.</param>
    /// <param name="dataHash">Of what was read of them.</param>
    /// <param name="fault">Why there is none, in words for the user; null: there is.</param>
    public static CalibrationFit? Of(
        HeadConfig head, IReadOnlyList<LabelledLogits> examples, double? precision, IReadOnlyList<string> data,
        string dataHash, out string? fault)
    {
        fault = examples.Count < LeastRecords
            ? $"{examples.Count} records with a label are too few: a calibration needs {LeastRecords}"
            : null;
        if (fault is not null)
            return null;
        bool several = head.Kind == HeadKind.SequenceClassification && head.ProblemType == ProblemType.MultiLabel;
        float temperature = TemperatureFit.Of(examples, several, out fault);
        if (fault is not null)
            return null;
        CalibrationFit fit = new(head, examples, temperature, data, dataHash);
        if (several)
            fit.FitThresholds(precision);
        return fit;
    }

    private void FitThresholds(double? precision)
    {
        ThresholdMetric metric = precision is null ? ThresholdMetric.F1 : ThresholdMetric.Precision;
        float[][] scores = Scores();
        float?[] thresholds = new float?[head.Labels.Count];
        List<string> rare = [], never = [];
        for (int label = 0; label < thresholds.Length; label++)
        {
            bool[] isTrue = [.. examples.Select(example => example.Right.Contains(label))];
            if (isTrue.Count(truth => truth) < ThresholdFit.LeastRecords)
            {
                thresholds[label] = Probabilities.Chosen;
                rare.Add(head.Labels[label]);
                continue;
            }
            thresholds[label] = ThresholdFit.Of(
                scores.Select((record, i) => (record[label], isTrue[i])), metric, precision ?? 0);
            if (thresholds[label] is null)
                never.Add(head.Labels[label]);
        }
        (Rare, Never) = (rare, never);
        Calibration = Calibration with { Thresholds = thresholds, Metric = metric, Precision = precision };
    }

    // [records][labels]
    private float[][] Scores()
    {
        CalibratedAnswers answers = Answers();
        return
        [
            .. examples.Select(example =>
            {
                answers.Read(example.Logits, default);
                return answers.After.Values.ToArray();
            }),
        ];
    }

    private CalibratedAnswers Answers() => new(head with { Calibration = Calibration });
}
