namespace GauRuntime.Train.Finetuning;

/// <summary>Mean and deviation of the values of a regression, which are learned with mean 0 and deviation 1.</summary>
/// <param name="Mean">0 where nothing is scaled.</param>
/// <param name="Deviation">1 where nothing is scaled, or all values are the same.</param>
internal readonly record struct ValueScale(double Mean, double Deviation)
{
    /// <summary>Leaves values as they are.</summary>
    public static ValueScale None { get; } = new(0, 1);

    /// <summary>That of some values.</summary>
    /// <param name="values">At least one.</param>
    public static ValueScale Of(IReadOnlyCollection<float> values)
    {
        double mean = values.Average(value => (double)value);
        double deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return new ValueScale(mean, deviation > 0 ? deviation : 1);
    }

    /// <summary>A value as it is learned.</summary>
    public float Scaled(float value) => (float)((value - Mean) / Deviation);

    /// <summary>A value as it is, of one that was learned.</summary>
    public float Plain(float scaled) => (float)(scaled * Deviation + Mean);
}
