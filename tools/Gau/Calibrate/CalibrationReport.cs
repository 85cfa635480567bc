using System.Globalization;
using GauRuntime.Cli.Evaluate;
using GauRuntime.Fitting;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;
using static GauRuntime.Cli.WordTable;

namespace GauRuntime.Cli.Calibrate;

/// <summary>What was fitted, in words or as one JSON object on one line.</summary>
internal static class CalibrationReport
{
    public static string Words(CalibrationFit fit, IReadOnlyList<string> labels)
    {
        HeadCalibration made = fit.Calibration;
        WordTable table = new();
        table.Row("records", Cell(made.Records));
        table.Row("temperature", Cell(made.Temperature));
        table.Header("", "before", "after");
        table.Row("calibration error", Cell(Share(made.ErrorBefore)), Cell(Share(made.ErrorAfter)));
        CalibrationWords.Add(fit.After, fit.Before, table);
        if (made.Thresholds is { } thresholds)
        {
            string metric = made.Precision is { } precision ? $"precision {Share(precision)}" : "greatest F1";
            table.Header(metric, "threshold", "  label");
            for (int i = 0; i < thresholds.Count; i++)
                table.Row(
                    "", Cell(thresholds[i]?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "never"),
                    "  " + Printable.OneLine(labels[i]));
        }
        return table.ToString();
    }

    public static string Json(CalibrationFit fit, IReadOnlyList<string> labels) => JsonText.Of(json =>
    {
        HeadCalibration made = fit.Calibration;
        json.WriteStartObject();
        json.WriteNumber("records"u8, made.Records);
        json.WriteNumber("temperature"u8, made.Temperature);
        json.WriteNumber("calibration_error"u8, made.ErrorAfter);
        json.WriteNumber("calibration_error_before"u8, made.ErrorBefore);
        if (made.Thresholds is { } thresholds)
        {
            json.WriteStartObject("thresholds"u8);
            for (int i = 0; i < thresholds.Count; i++)
            {
                json.WritePropertyName(labels[i]);
                if (thresholds[i] is { } threshold)
                    json.WriteNumberValue(threshold);
                else
                    json.WriteNullValue();
            }
            json.WriteEndObject();
        }
        EvaluationJson.WriteCalibration("calibration", fit.After, json);
        EvaluationJson.WriteCalibration("calibration_before", fit.Before, json);
        json.WriteEndObject();
    }) + "\n";
}
