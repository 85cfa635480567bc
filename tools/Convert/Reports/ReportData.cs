using GauRuntime.Convert.Auto;
using GauRuntime.Convert.Conversion;
using GauRuntime.Convert.Measurement;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Reports;

/// <summary>All that a report shows.</summary>
/// <param name="Conversion">What was converted.</param>
/// <param name="TextsFile">The texts it was measured on, or null.</param>
/// <param name="Results">What they show; null without texts.</param>
/// <param name="Auto">The search for the way to store it; null where it was given.</param>
internal sealed record ReportData(
    ConversionResult Conversion, string? TextsFile, Results? Results, AutoResult? Auto)
{
    /// <summary>The verdict, in one sentence.</summary>
    public string Verdict => Reports.Verdict.Of(this);

    /// <summary>The error of storing a matrix, 20 log₁₀(1 / relative error), in dB; infinite for float.</summary>
    public static double SignalToNoise(TensorReport report) =>
        report.RelativeError > 0 ? -20 * Math.Log10(report.RelativeError) : double.PositiveInfinity;
}
