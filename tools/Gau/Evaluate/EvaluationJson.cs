using System.Text.Json;
using GauRuntime.Evaluation;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Fitting;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Evaluate;

/// <summary>An evaluation as one JSON object on one line.</summary>
internal static class EvaluationJson
{
    public static string Of(EvaluationReport report) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        if (report.Task is not null)
            json.WriteString("task"u8, report.Task);
        json.WriteNumber("records"u8, report.Records);
        json.WriteNumber("compared"u8, report.Evaluation.Count);
        json.WriteNumber("unlabelled"u8, report.Unlabelled);
        json.WriteNumber("truncated"u8, report.Truncated);
        WriteRejects(report.Rejected, json);
        foreach (Measure measure in report.Evaluation.Measures)
            WriteMeasure(measure, json);
        WriteClasses(report.Evaluation.Classes, json);
        WriteConfusion(report.Evaluation.Confusion, json);
        WriteCalibration("calibration", report.Evaluation.Calibration, json);
        WriteCalibration("calibration_before", report.Evaluation.Uncalibrated, json);
        json.WriteEndObject();
    }) + "\n";

    private static void WriteRejects(RejectReasons rejected, Utf8JsonWriter json)
    {
        json.WriteNumber("rejected"u8, rejected.Records);
        json.WriteStartObject("reject_reasons"u8);
        foreach ((string reason, long records) in rejected.Reasons)
            json.WriteNumber(reason, records);
        json.WriteEndObject();
        json.WriteNumber("other_rejects"u8, rejected.Others);
    }

    private static void WriteMeasure(Measure measure, Utf8JsonWriter json)
    {
        WriteNumber(measure.Name, measure.Value, json);
        if (measure.Interval is not { } interval)
            return;
        json.WriteStartArray(measure.Name + "_interval");
        json.WriteNumberValue(interval.Low);
        json.WriteNumberValue(interval.High);
        json.WriteEndArray();
    }

    private static void WriteClasses(ClassCounts? classes, Utf8JsonWriter json)
    {
        if (classes is null)
            return;
        json.WriteStartArray("classes"u8);
        foreach (ClassCount c in classes.Classes)
        {
            json.WriteStartObject();
            json.WriteString("label"u8, c.Label);
            WriteNumber("precision", c.Precision, json);
            WriteNumber("recall", c.Recall, json);
            WriteNumber("f1", c.F1, json);
            json.WriteNumber("labelled"u8, c.Labelled);
            json.WriteNumber("answered"u8, c.Answered);
            json.WriteNumber("right"u8, c.Right);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteConfusion(ConfusionMatrix? confusion, Utf8JsonWriter json)
    {
        if (confusion is null)
            return;
        json.WriteStartArray("confusion"u8);
        for (int label = 0; label < confusion.Labels.Count; label++)
        {
            json.WriteStartArray();
            for (int answer = 0; answer < confusion.Labels.Count; answer++)
                json.WriteNumberValue(confusion[label, answer]);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    /// <summary>Writes a reliability diagram as its bins.</summary>
    public static void WriteCalibration(string name, Calibration? calibration, Utf8JsonWriter json)
    {
        if (calibration is null)
            return;
        json.WriteStartArray(name);
        foreach (CalibrationBin bin in calibration.Bins)
        {
            json.WriteStartObject();
            json.WriteNumber("from"u8, bin.From);
            json.WriteNumber("to"u8, bin.To);
            json.WriteNumber("count"u8, bin.Count);
            WriteNumber("confidence", bin.Confidence, json);
            WriteNumber("accuracy", bin.Accuracy, json);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteNumber(string name, double? value, Utf8JsonWriter json)
    {
        if (value is { } number && double.IsFinite(number))
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}
