using GauRuntime.Model;

namespace GauRuntime.Heads;

/// <summary>Logits to probabilities, in double precision and the same on every machine.</summary>
public static class Probabilities
{
    /// <summary>softmax over all logits, in place.</summary>
    public static void Softmax(Span<float> logits)
    {
        float max = float.NegativeInfinity;
        foreach (float logit in logits) max = Math.Max(max, logit);
        double sum = 0;
        foreach (float logit in logits) sum += Exp(logit - max);
        foreach (ref float logit in logits) logit = (float)(Exp(logit - max) / sum);
    }

    /// <summary>1 / (1 + exp(−x)) of every logit, in place.</summary>
    public static void Sigmoid(Span<float> logits)
    {
        foreach (ref float logit in logits) logit = (float)(1 / (1 + Exp(-logit)));
    }

    private static double Exp(double x) => StrictMath.Exp(Math.Clamp(x, -700, 700));
}
