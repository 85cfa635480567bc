using GauRuntime.Encoder;

namespace GauRuntime.Fitting;

/// <summary>
/// The temperature with which the labels of records are most probable: the least mean of −log p (Guo et al., On
/// Calibration of Modern Neural Networks).
/// </summary>
/// <remarks>
/// −log p is convex in β = 1 / T, so its slope has one root, which halving finds. The same bits on every machine.
/// </remarks>
internal static class TemperatureFit
{
    /// <summary>Bounds of what is looked for.</summary>
    public const double Least = 0.05, Most = 20;

    private const int Halvings = 40;

    /// <summary>Fits a temperature.</summary>
    /// <param name="examples">At least one.</param>
    /// <param name="several">Whether a text may have several labels: a sigmoid each, else softmax.</param>
    /// <param name="fault">Why there is none, in words for the user; null: there is.</param>
    public static float Of(IReadOnlyList<LabelledLogits> examples, bool several, out string? fault)
    {
        double low = 1 / Most, high = 1 / Least;
        fault = Slope(examples, several, high) <= 0
            ? "nearly all answers are right, which leaves nothing to fit a temperature to: take other records, or more"
            : Slope(examples, several, low) >= 0
                ? "the answers are no better than chance, which no temperature mends"
                : null;
        for (int i = 0; i < Halvings && fault is null; i++)
        {
            double middle = Math.Sqrt(low * high);
            if (Slope(examples, several, middle) < 0)
                low = middle;
            else
                high = middle;
        }
        return (float)(1 / Math.Sqrt(low * high));
    }

    // Of Σ −log p, by β.
    private static double Slope(IReadOnlyList<LabelledLogits> examples, bool several, double beta)
    {
        double slope = 0;
        foreach (LabelledLogits example in examples)
            slope += several ? OfSigmoids(example, beta) : OfSoftmax(example, beta);
        return slope;
    }

    // Σ p z − z of the right one; less the greatest, so that nothing overflows.
    private static double OfSoftmax(LabelledLogits example, double beta)
    {
        double max = example.Logits.Max(), sum = 0, weighted = 0;
        foreach (float logit in example.Logits)
        {
            double p = Exp(beta * (logit - max));
            sum += p;
            weighted += p * (logit - max);
        }
        return weighted / sum - (example.Logits[example.Right[0]] - max);
    }

    // Σ (p − 1 or 0) z.
    private static double OfSigmoids(LabelledLogits example, double beta)
    {
        double slope = 0;
        foreach (float logit in example.Logits)
            slope += logit / (1 + Exp(-beta * logit));
        foreach (int right in example.Right)
            slope -= example.Logits[right];
        return slope;
    }

    private static double Exp(double x) => StrictMath.Exp(Math.Clamp(x, -700, 700));
}
