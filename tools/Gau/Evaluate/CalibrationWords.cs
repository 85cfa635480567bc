using System.Globalization;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Fitting;
using static GauRuntime.Cli.WordTable;

namespace GauRuntime.Cli.Evaluate;

/// <summary>Reliability diagrams as tables to read.</summary>
internal static class CalibrationWords
{
    /// <summary>Adds how often scores are right, and the same of a calibrated model without its calibration.</summary>
    public static void Add(Calibration? calibration, Calibration? before, WordTable table)
    {
        AddBins("score", calibration, table);
        AddBins("score before", before, table);
    }

    private static void AddBins(string title, Calibration? calibration, WordTable table)
    {
        if (calibration is null)
            return;
        table.Header(title, "records", "mean score", "accuracy");
        foreach (CalibrationBin bin in calibration.Bins.Where(bin => bin.Count > 0))
            table.Row(
                $"{Number(bin.From)} to {Number(bin.To)}", Cell(bin.Count), Cell(Share(bin.Confidence)),
                Cell(Share(bin.Accuracy)));
    }

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
