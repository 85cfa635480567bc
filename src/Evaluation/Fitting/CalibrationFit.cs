using GauRuntime.Evaluation.Metrics;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Evaluation.Fitting;

/// <summary>What was fitted to labelled records, and what came of it there.</summary>
internal sealed class CalibrationFit
{
    /// <summary>Fewer records are no ground for a temperature.</summary>
    public const int LeastRecords = 50;

    private readonly HeadConfig head;
    private readonly IReadOnlyList<LabelledLogits> examples;
    private readonly bool several;

    private CalibrationFit(
        HeadConfig head, LogitCollection records, double? precision, IReadOnlyList<string> files, string dataHash)
    {
        this.head = head;
        (Before, After) = (Metrics.Calibration.Of(head), Metrics.Calibration.Of(head));
        examples = records.Examples;
        several = head.Kind == HeadKind.SequenceClassification && head.ProblemType == ProblemType.MultiLabel;
        if (examples.Count < LeastRecords)
            throw Fault(
                files, $"{examples.Count} records with a label are too few: a calibration needs {LeastRecords}");
        float temperature = TemperatureFit.Of(examples, several, out string? fault);
        if (fault is not null)
            throw Fault(files, fault);
        Calibration = new HeadCalibration
        {
            Temperature = temperature, Data = [.. files.Select(file => Path.GetFileName(file))], DataHash = dataHash,
            Records = examples.Count, ErrorBefore = 0, ErrorAfter = 0,
        };
        CalibratedAnswers answers = Answers();
        foreach (LabelledLogits example in examples)
        {
            answers.Read(example.Logits, default);
            Before.Add(answers.Before.Values, example.Right);
            After.Add(answers.After.Values, example.Right);
        }
        Calibration = Calibration with { ErrorBefore = Before.Error!.Value, ErrorAfter = After.Error!.Value };
        if (several)
            FitThresholds(precision);
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
    /// <param name="records">Its logits of labelled records.</param>
    /// <param name="precision">The precision that is wanted of each of several labels; null: the greatest F1.</param>
    /// <param name="files">The records', as the user named them.</param>
    /// <param name="dataHash">Of what was read of them.</param>
    /// <exception cref="GauFormatException">The records are too few, or nothing can be fitted to them.</exception>
    public static CalibrationFit Of(
        HeadConfig head, LogitCollection records, double? precision, IReadOnlyList<string> files, string dataHash) =>
        new(head, records, precision, files, dataHash);

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
                thresholds[label] = Heads.Probabilities.Chosen;
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

    private static GauFormatException Fault(IReadOnlyList<string> files, string reason) =>
        new(files.Count == 1 ? files[0] : $"{files[0]} and {files.Count - 1} more", "labels", reason);
}
