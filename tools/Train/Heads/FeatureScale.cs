namespace GauRuntime.Train.Heads;

/// <summary>Means and deviations of features, so that all are learned alike.</summary>
/// <param name="Mean">[h].</param>
/// <param name="Deviation">[h]; 1 where a feature is the same everywhere.</param>
internal sealed record FeatureScale(double[] Mean, double[] Deviation)
{
    private const double Least = 1e-6;

    /// <summary>Those of some features.</summary>
    public static FeatureScale Of(Features features)
    {
        double[] mean = new double[features.Width], square = new double[features.Width];
        for (int i = 0; i < features.Count; i++)
            for (int k = 0; k < mean.Length; k++)
                mean[k] += features[i][k];
        for (int k = 0; k < mean.Length; k++)
            mean[k] /= features.Count;
        for (int i = 0; i < features.Count; i++)
            for (int k = 0; k < mean.Length; k++)
                square[k] += (features[i][k] - mean[k]) * (features[i][k] - mean[k]);
        return new FeatureScale(
            mean, [.. square.Select(sum => Math.Sqrt(sum / features.Count)).Select(d => d > Least ? d : 1)]);
    }

    /// <summary>Features of mean 0 and deviation 1.</summary>
    public Features Apply(Features features)
    {
        float[] scaled = new float[features.Values.Length];
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] = (float)((features.Values[i] - Mean[i % Mean.Length]) / Deviation[i % Mean.Length]);
        return new Features(features.Width, scaled);
    }

    /// <summary>A dense layer for features as they are, of one for scaled ones.</summary>
    /// <param name="w">[outputs, h].</param>
    /// <param name="b">[outputs].</param>
    /// <returns>y = w x + b of the same y.</returns>
    public (float[] Weights, float[] Bias) Fold(ReadOnlySpan<double> w, ReadOnlySpan<double> b)
    {
        float[] weights = new float[w.Length], bias = new float[b.Length];
        for (int o = 0; o < bias.Length; o++)
        {
            double sum = b[o];
            for (int k = 0; k < Mean.Length; k++)
            {
                double scaled = w[o * Mean.Length + k] / Deviation[k];
                weights[o * Mean.Length + k] = (float)scaled;
                sum -= scaled * Mean[k];
            }
            bias[o] = (float)sum;
        }
        return (weights, bias);
    }
}
