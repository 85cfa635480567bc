using System.Globalization;
using System.Text.Json;
using GauRuntime.Convert.Auto;
using GauRuntime.Convert.Reports;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Conversion;

/// <summary>The result of a conversion, on standard output: the error that storing made.</summary>
internal static class ConvertReport
{
    public static void Table(ConversionResult result, TextWriter output)
    {
        foreach (TensorReport report in result.Reports)
        {
            string error = $"relative error {Short(report.RelativeError)}  largest {Short(report.MaxError)}";
            output.WriteLine($"{report.Name,-32} {JsonName.Of(report.Type),4} {report.Bytes,12} bytes  {error}");
        }
        if (result.Auto is { } auto)
            Steps(auto, output);
        string totals = $"{result.Reports.Count} matrices, worst relative error {Short(Worst(result))}, "
            + $"attention {JsonName.Of(result.Model.Encoder.Attention)}";
        output.WriteLine($"{Printable.OneLine(result.Output)}: {result.Bytes} bytes, {totals}, hash {result.Hash}");
    }

    public static void Json(ConversionResult result, TextWriter output) => output.WriteLine(JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("output", result.Output);
        writer.WriteString("kind", CheckpointSource.KindName(result.Kind));
        writer.WriteString("architecture", JsonName.Of(result.Model.Encoder.Architecture));
        writer.WriteString("head", JsonName.Of(result.Model.Head.Kind));
        Texts(writer, "labels", result.Model.Head.Labels);
        if (result.Model.Embedding is { } embedding)
            ReportJson.Embedding(writer, embedding);
        writer.WriteString("attention", JsonName.Of(result.Model.Encoder.Attention));
        writer.WriteNumber("bytes", result.Bytes);
        writer.WriteString("hash", result.Hash);
        writer.WriteNumber("worst_relative_error", Worst(result));
        Texts(writer, "left_out", result.Model.Map.Extra);
        Texts(writer, "ignored", result.Model.Map.Ignored);
        writer.WriteStartArray("tensors");
        foreach (TensorReport report in result.Reports)
        {
            writer.WriteStartObject();
            writer.WriteString("name", report.Name);
            writer.WriteString("type", JsonName.Of(report.Type));
            writer.WriteNumber("bytes", report.Bytes);
            writer.WriteNumber("relative_error", report.RelativeError);
            writer.WriteNumber("max_error", report.MaxError);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        if (result.Auto is { } auto)
            ReportJson.Auto(writer, auto);
        writer.WriteEndObject();
    }));

    /// <summary>What the search compared, and what each of its steps bought.</summary>
    private static void Steps(AutoResult auto, TextWriter output)
    {
        void Line(string what, double mean, string changed, double speed) => output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what,-56} drift {100 * mean,7:F4} %  {changed,-14} speed {speed:F2}"));
        string Changed(Drift drift) => auto.Judged.Choices == 0
            ? "measured"   // vectors and scores are no choices
            : string.Create(CultureInfo.InvariantCulture, $"changed {100 * drift.Changed:F2} %");
        foreach (AutoBaseline baseline in auto.Baselines)
            Line(baseline.Name, baseline.Drift.Mean, Changed(baseline.Drift), baseline.Speed);
        foreach (AutoStep step in auto.Steps)
            Line($"{step.Unit}: {step.From} to {step.To}", step.Measured?.Mean ?? step.Estimate,
                step.Measured is { } drift ? Changed(drift) : "estimated", step.Speed);
        Line($"chosen for {auto.Target}: {auto.Chosen}", auto.Drift.Mean, Changed(auto.Drift), auto.Speed);
        output.WriteLine(auto.Promise);
    }

    private static string Short(double error) => error.ToString("G3", CultureInfo.InvariantCulture);

    private static double Worst(ConversionResult result) =>
        result.Reports.Count == 0 ? 0 : result.Reports.Max(report => report.RelativeError);

    private static void Texts(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
