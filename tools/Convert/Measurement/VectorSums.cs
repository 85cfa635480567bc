using GauRuntime.Scoring.Results;

namespace GauRuntime.Convert.Measurement;

/// <summary>Gathers how far the vectors of the texts are apart.</summary>
internal sealed class VectorSums
{
    private readonly List<double> cosines = [];   // per text
    private double worst = double.PositiveInfinity, largest = -1, sum;
    private string worstText = "", largestText = "";
    private int dimensions;

    public void Add(string id, float[] exact, float[] stored)
    {
        double cosine = Cosine.Of(exact, stored);
        cosines.Add(cosine);
        if (cosine < worst)
            (worst, worstText) = (cosine, id);
        dimensions = exact.Length;
        for (int i = 0; i < exact.Length; i++)
        {
            double difference = Math.Abs((double)exact[i] - stored[i]);
            sum += difference;
            if (difference > largest)
                (largest, largestText) = (difference, id);
        }
    }

    public VectorResult Result()
    {
        double mean = cosines.DefaultIfEmpty(1).Average();
        cosines.Sort();
        int texts = cosines.Count;
        return new VectorResult(
            texts, dimensions, mean, texts == 0 ? 1 : cosines[(int)Math.Ceiling(0.05 * texts) - 1],
            Math.Min(1, worst), worstText, sum / Math.Max(1, (double)texts * dimensions), Math.Max(0, largest),
            largestText);
    }
}
