using GauRuntime.Encoder;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Heads;

/// <summary>Logits to probabilities, in double precision and the same on every machine.</summary>
public static class Probabilities
{
    /// <summary>From which probability on a label is chosen, where a text may have several.</summary>
    public const float Chosen = 0.5f;

    /// <summary>softmax over all logits, in place.</summary>
    public static void Softmax(Span<float> logits)
    {
        float max = float.NegativeInfinity;
        foreach (float logit in logits)
            max = Math.Max(max, logit);
        double sum = 0;
        foreach (float logit in logits)
            sum += Exp(logit - max);
        foreach (ref float logit in logits)
            logit = (float)(Exp(logit - max) / sum);
    }

    /// <summary>1 / (1 + exp(−x)) of every logit, in place.</summary>
    public static void Sigmoid(Span<float> logits)
    {
        foreach (ref float logit in logits)
            logit = (float)(1 / (1 + Exp(-logit)));
    }

    /// <summary>Divides numbers by their sum, which is not 0, in place.</summary>
    internal static void Scale(Span<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += value;
        foreach (ref float value in values)
            value = (float)(value / sum);
    }

    /// <summary>What a sequence head's logits mean: probabilities, or the value of a regression, in place.</summary>
    /// <returns>False where a logit is not finite; then nothing is changed.</returns>
    public static bool TryOfLogits(ProblemType problem, Span<float> logits)
    {
        if (!AllFinite(logits))
            return false;
        if (problem == ProblemType.MultiLabel)
            Sigmoid(logits);
        else if (problem == ProblemType.SingleLabel)
            Softmax(logits);
        return true;
    }

    /// <summary>Index of the greatest value, the first of equals.</summary>
    /// <param name="values">At least one.</param>
    public static int Best(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
            if (values[i] > values[best])
                best = i;
        return best;
    }

    /// <summary>Whether no value is NaN or infinite.</summary>
    public static bool AllFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
            if (!float.IsFinite(value))
                return false;
        return true;
    }

    private static double Exp(double x) => StrictMath.Exp(Math.Clamp(x, -700, 700));
}
