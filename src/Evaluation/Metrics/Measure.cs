using GauRuntime.Evaluation.Statistics;

namespace GauRuntime.Evaluation.Metrics;

/// <summary>How a measure reads.</summary>
internal enum MeasureUnit
{
    /// <summary>Of 0 to 1.</summary>
    Share,
    /// <summary>In units of the labels, or of none.</summary>
    Number,
    /// <summary>How many.</summary>
    Count,
}

/// <summary>One figure of an evaluation.</summary>
/// <param name="Name">Its name, as in JSON.</param>
/// <param name="Value">Null where there is nothing to divide by.</param>
/// <param name="Unit">What it is.</param>
/// <param name="Interval">Where the true share lies with 95 % confidence, where that is known.</param>
internal sealed record Measure(
    string Name, double? Value, MeasureUnit Unit = MeasureUnit.Share, ConfidenceInterval? Interval = null)
{
    /// <summary>A part of a whole, with its interval.</summary>
    internal static Measure Part(string name, long part, long whole) =>
        new(name, Ratio(part, whole), MeasureUnit.Share, whole == 0 ? null : ConfidenceInterval.Wilson(part, whole));

    /// <summary>a / b, or null where b is 0.</summary>
    internal static double? Ratio(double a, double b) => b == 0 ? null : a / b;
}
