using System.Text.Json;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Scoring.Records;
using GauRuntime.Train.Finetuning;
using GauRuntime.Train.Numbers;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Heads;

/// <summary>A head that was fitted.</summary>
/// <param name="Head">It.</param>
/// <param name="Decay">λ, of those that were tried.</param>
/// <param name="Score">What it is chosen by.</param>
/// <param name="DevLoss">Its loss on the records that judge, which breaks ties.</param>
/// <param name="Dev">What it is worth.</param>
internal sealed record FittedHead(
    TrainedHead Head, double Decay, DevScore Score, double DevLoss, HeadEvaluation Dev);

/// <summary>Fits heads of several weight decays to features, and keeps the one that judges best.</summary>
/// <param name="head">What is trained.</param>
/// <param name="shape">Its sizes.</param>
/// <param name="seed">Of the first weights of a hidden layer.</param>
internal sealed class HeadFit(HeadConfig head, HeadShape shape, ulong seed)
{
    private const int LinearSteps = 200, HiddenSteps = 100;
    private const ulong Stream = 3;

    /// <summary>
    /// λ that are tried, on features of deviation 1; a linear head begins where the one before ended.
    /// </summary>
    private static readonly double[] Decays = [1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5];

    /// <summary>Bytes that the features of so many records and the fit take at most, an estimate.</summary>
    public static long BytesOf(HeadShape shape, long records) =>
        records * shape.Inputs * 3 * sizeof(float)   // as vectors, together, and scaled: two of them at any time
        + shape.Parameters * (Lbfgs.ArraysOf * sizeof(double) + (HeadObjective.PiecesAtOnce + 1) * sizeof(float));

    /// <summary>Fits.</summary>
    /// <param name="train">Features to learn from.</param>
    /// <param name="trainRecords">Their records.</param>
    /// <param name="dev">Features to judge by.</param>
    /// <param name="devRecords">Their records.</param>
    /// <param name="told">Told of every fit.</param>
    public FittedHead Run(
        Features train, IReadOnlyList<TextRecord> trainRecords, Features dev, IReadOnlyList<TextRecord> devRecords,
        Action<FittedHead>? told = null)
    {
        FeatureScale scale = FeatureScale.Of(train);
        HeadTargets targets = Targets(trainRecords), devTargets = Targets(devRecords);
        ValueScale values = Standardize(targets, devTargets);
        HeadObjective objective = new(shape, scale.Apply(train), targets);
        HeadObjective judge = new(shape, scale.Apply(dev), devTargets);
        double[] parameters = Begin();
        FittedHead? best = null;
        foreach (double decay in Decays)
        {
            objective.Decay = decay;
            if (shape.Hidden > 0)
                parameters = Begin();   // a strong decay ends where all weights are 0, and no slope leads away
            Lbfgs.Minimize(parameters, objective.Value, shape.Hidden > 0 ? HiddenSteps : LinearSteps);
            TrainedHead trained = TrainedHead.Of(shape, parameters, scale, values);
            HeadEvaluation evaluation = Evaluate(trained, dev, devRecords);
            FittedHead fitted = new(
                trained, decay, DevScore.Of(evaluation), judge.Value(parameters, []), evaluation);
            told?.Invoke(fitted);
            bool isBetter = fitted.Score.IsBetterThan(best?.Score)
                || (best!.Score == fitted.Score && fitted.DevLoss < best.DevLoss);
            best = isBetter ? fitted : best;
        }
        return best!;
    }

    /// <summary>What a head is worth, by the figures of <c>gau eval</c>.</summary>
    public HeadEvaluation Evaluate(TrainedHead trained, Features features, IReadOnlyList<TextRecord> records)
    {
        LogitAnswers answers = new(head);
        HeadEvaluation evaluation = HeadEvaluation.Of(head);
        for (int i = 0; i < records.Count; i++)
            DevEvaluation.Add(evaluation, records[i], answers.OfText(trained.Logits(features[i])));
        return evaluation;
    }

    private HeadTargets Targets(IReadOnlyList<TextRecord> records)
    {
        LabelNames names = new(head.Labels);
        if (shape.Problem == ProblemType.SingleLabel)
            return new HeadTargets([.. records.Select(record => LabelledRecords.Label(record, names.Find))], []);
        float[] values = new float[records.Count * shape.Outputs];
        for (int i = 0; i < records.Count; i++)
        {
            using JsonDocument label = JsonDocument.Parse(records[i].Label!);
            if (shape.Problem == ProblemType.Regression)
                values[i] = (float)ValueEvaluation.Number(label.RootElement)!.Value;
            else
                foreach (JsonElement name in label.RootElement.EnumerateArray())
                    values[i * shape.Outputs + names.Find(name)] = 1;
        }
        return new HeadTargets([], values);
    }

    private ValueScale Standardize(HeadTargets targets, HeadTargets dev)
    {
        if (shape.Problem != ProblemType.Regression)
            return ValueScale.None;
        ValueScale scale = ValueScale.Of(targets.Values);
        foreach (float[] values in (float[][])[targets.Values, dev.Values])
            foreach (ref float value in values.AsSpan())
                value = scale.Scaled(value);
        return scale;
    }

    private double[] Begin()
    {
        double[] parameters = new double[shape.Count];
        if (shape.Hidden == 0)
            return parameters;
        SplitMix64 stream = new(Seeds.Mix64(seed, Stream));
        foreach ((Range range, int fan) in ((Range, int)[])[(shape.Dense, shape.Inputs), (shape.Out, shape.Width)])
        {
            (int start, int length) = range.GetOffsetAndLength(parameters.Length);
            float[] drawn = new float[length];
            TruncatedNormal.Fill(drawn, 1 / Math.Sqrt(fan), stream);
            for (int i = 0; i < length; i++)
                parameters[start + i] = drawn[i];
        }
        return parameters;
    }
}
