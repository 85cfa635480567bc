using GauRuntime.Encoder;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Heads;

/// <summary>
/// Logits to probabilities, in double precision and the same on every machine; and which labels these choose.
/// </summary>
public static class Probabilities
{
    /// <summary>From which probability on a label is chosen, where a text may have several.</summary>
    public const float Chosen = 0.5f;

    /// <summary>softmax over all logits, in place.</summary>
    public static void Softmax(Span<float> logits) => Softmax(logits, 1);

    /// <summary>softmax over all logits divided by a temperature, in place; 1 changes no bit.</summary>
    internal static void Softmax(Span<float> logits, float temperature)
    {
        double scale = 1.0 / temperature;
        float max = float.NegativeInfinity;
        foreach (float logit in logits)
            max = Math.Max(max, logit);
        double sum = 0;
        foreach (float logit in logits)
            sum += Exp((logit - max) * scale);
        foreach (ref float logit in logits)
            logit = (float)(Exp((logit - max) * scale) / sum);
    }

    /// <summary>1 / (1 + exp(−x)) of every logit, in place.</summary>
    public static void Sigmoid(Span<float> logits) => Sigmoid(logits, 1);

    /// <summary>1 / (1 + exp(−x / T)) of every logit, T being a temperature, in place; 1 changes no bit.</summary>
    internal static void Sigmoid(Span<float> logits, float temperature)
    {
        double scale = 1.0 / temperature;
        foreach (ref float logit in logits)
            logit = (float)(1 / (1 + Exp(-logit * scale)));
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

    /// <summary>
    /// What a sequence head's logits mean: probabilities, calibrated where the head says how, or the value of a
    /// regression, in place.
    /// </summary>
    /// <param name="head">The head that gave them.</param>
    /// <param name="logits">[labels].</param>
    /// <returns>False where a logit is not finite; then nothing is changed.</returns>
    public static bool TryOfLogits(HeadConfig head, Span<float> logits)
    {
        ArgumentNullException.ThrowIfNull(head);
        return TryOfLogits(head.ProblemType, logits, head.Temperature);
    }

    /// <summary>
    /// What logits mean without a calibration: probabilities, or the value of a regression, in place.
    /// </summary>
    /// <returns>False where a logit is not finite; then nothing is changed.</returns>
    public static bool TryOfLogits(ProblemType problem, Span<float> logits) => TryOfLogits(problem, logits, 1);

    /// <inheritdoc cref="TryOfLogits(HeadConfig, Span{float})"/>
    internal static bool TryOfLogits(ProblemType problem, Span<float> logits, float temperature)
    {
        if (!AllFinite(logits))
            return false;
        if (problem == ProblemType.MultiLabel)
            Sigmoid(logits, temperature);
        else if (problem == ProblemType.SingleLabel)
            Softmax(logits, temperature);
        return true;
    }

    /// <summary>
    /// Whether a label is chosen, where a text may have several: from the threshold on that the head's calibration
    /// gives it, or where there is none from <see cref="Chosen"/> on.
    /// </summary>
    /// <param name="head">The head.</param>
    /// <param name="label">Index of the label.</param>
    /// <param name="probability">Its probability.</param>
    public static bool IsChosen(HeadConfig head, int label, float probability)
    {
        ArgumentNullException.ThrowIfNull(head);
        return head.Calibration?.Thresholds is { } thresholds
            ? thresholds[label] is { } threshold && probability >= threshold
            : probability >= Chosen;
    }

    /// <summary>The indices of the greatest values, greatest first, of equal ones in their order.</summary>
    /// <param name="values">Without NaN.</param>
    /// <param name="top">So many at most.</param>
    internal static int[] Best(ReadOnlySpan<float> values, int top)
    {
        float[] all = values.ToArray();
        return [.. Enumerable.Range(0, all.Length).OrderByDescending(i => all[i]).Take(top)];
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
