using GauRuntime.Evaluation.Metrics;

namespace GauRuntime.Convert.Measurement;

/// <summary>Gathers how far the scores of the texts are apart.</summary>
internal sealed class ScoreSums
{
    private readonly List<(float Stored, double Exact)> scores = [];   // per text
    private double largest = -1, sum;
    private string largestText = "";

    public void Add(string id, float exact, float stored)
    {
        double drift = Math.Abs((double)exact - stored);
        scores.Add((stored, exact));
        sum += drift;
        if (drift > largest)
            (largest, largestText) = (drift, id);
    }

    public ScoreResult Result()
    {
        double[] drifts = [.. scores.Select(score => Math.Abs(score.Exact - score.Stored)).Order()];
        int texts = drifts.Length;
        return new ScoreResult(
            texts, sum / Math.Max(1, texts), texts == 0 ? 0 : drifts[(int)Math.Ceiling(0.95 * texts) - 1],
            Math.Max(0, largest), largestText, RankCorrelation.Of(scores));
    }
}
