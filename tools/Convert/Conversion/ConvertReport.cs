using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using GauRuntime.Convert.Configuration;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Conversion;

/// <summary>The result of a conversion, on standard output: the error that storing made, per matrix and in all.</summary>
internal static class ConvertReport
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Table(ConversionResult result, TextWriter output)
    {
        foreach (TensorReport report in result.Reports)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{report.Name,-32} {TypeName(report.Type),4} {report.Bytes,12} bytes  relative error {report.RelativeError:G3}  largest {report.MaxError:G3}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Output}: {result.Bytes} bytes, {result.Reports.Count} matrices, worst relative error {Worst(result):G3}, hash {result.Hash}"));
    }

    public static void Json(ConversionResult result, TextWriter output)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("output", result.Output);
            writer.WriteString("kind", CheckpointSource.KindName(result.Kind));
            writer.WriteString("architecture", EncoderConfig.Name(result.Model.Encoder.Architecture));
            writer.WriteString("head", result.Model.Head.Kind.ToString());
            Texts(writer, "labels", result.Model.Head.Labels);
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
                writer.WriteString("type", TypeName(report.Type));
                writer.WriteNumber("bytes", report.Bytes);
                writer.WriteNumber("relative_error", report.RelativeError);
                writer.WriteNumber("max_error", report.MaxError);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        output.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private static double Worst(ConversionResult result) =>
        result.Reports.Count == 0 ? 0 : result.Reports.Max(report => report.RelativeError);

    private static string TypeName(WeightType type) => type == WeightType.Int8 ? "int8" : "f32";

    private static void Texts(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
