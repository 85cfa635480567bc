using System.Globalization;
using System.Text.Json;
using GauRuntime.Convert.Conversion;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Convert.Inspection;

/// <summary><c>gau-convert inspect</c>: the tensors of any checkpoint of a known kind.</summary>
internal static class InspectCommand
{
    /// <summary>Lists a checkpoint.</summary>
    /// <param name="path">A folder, a file or the prefix of a TensorFlow bundle.</param>
    /// <param name="stats">Whether to read the values too.</param>
    /// <param name="json">One JSON document instead of a table.</param>
    /// <param name="output">Where the list goes.</param>
    public static int Run(string path, bool stats, bool json, TextWriter output)
    {
        CheckpointSource source = CheckpointSource.FindAlone(path);
        CheckpointSource[] layers = [.. source.Sentence?.Layers ?? []];
        return new InputWatch(source.Files.Concat(layers.SelectMany(layer => layer.Files))).During(() =>
        {
            if (json)
                output.WriteLine(JsonText.Of(writer => Json(writer, source, layers, stats)));
            else
                foreach (CheckpointSource one in layers.Prepend(source))
                    Table(one, stats, output);
            return ExitCode.Ok;
        });
    }

    private static void Json(Utf8JsonWriter writer, CheckpointSource source, CheckpointSource[] layers, bool stats)
    {
        using ICheckpoint checkpoint = source.Open();
        writer.WriteStartObject();
        writer.WriteString("kind", CheckpointSource.KindName(checkpoint.Kind));
        writer.WriteStartArray("tensors");
        foreach (TensorEntry tensor in checkpoint.Tensors)
        {
            writer.WriteStartObject();
            writer.WriteString("name", tensor.Name);
            writer.WriteString("dtype", TypeName(tensor));
            writer.WriteStartArray("shape");
            foreach (long dimension in tensor.Shape)
                writer.WriteNumberValue(dimension);
            writer.WriteEndArray();
            if (stats)
                WriteStatistics(writer, Statistics(checkpoint, tensor));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("left_out");
        foreach (string name in checkpoint.LeftOut)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
        if (layers.Length > 0)
        {
            writer.WriteStartArray("layers");
            foreach (CheckpointSource layer in layers)
                Json(writer, layer, [], stats);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    private static void WriteStatistics(Utf8JsonWriter writer, TensorStatistics? statistics)
    {
        if (statistics is null)
        {
            foreach (string name in (string[])["first", "sum", "abs_sum", "nan", "inf"])
                writer.WriteNull(name);
            return;
        }
        writer.WriteStartArray("first");
        foreach (double value in statistics.First)
            WriteFinite(writer, value);
        writer.WriteEndArray();
        writer.WritePropertyName("sum");
        WriteFinite(writer, statistics.Sum);
        writer.WritePropertyName("abs_sum");
        WriteFinite(writer, statistics.AbsoluteSum);
        writer.WriteNumber("nan", statistics.NanCount);
        writer.WriteNumber("inf", statistics.InfinityCount);
    }

    private static void WriteFinite(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteNullValue();
    }

    private static void Table(CheckpointSource source, bool stats, TextWriter output)
    {
        using ICheckpoint checkpoint = source.Open();
        string kind = CheckpointSource.KindName(checkpoint.Kind);
        output.WriteLine($"{Printable.OneLine(checkpoint.Path)}: {kind}, {checkpoint.Tensors.Count} tensors");
        foreach (TensorEntry tensor in checkpoint.Tensors)
        {
            output.Write($"{Printable.OneLine(tensor.Name)}  {TypeName(tensor)}  {tensor.ShapeText}");
            if (stats && Statistics(checkpoint, tensor) is { } found)
                output.Write(Text(found));
            output.WriteLine();
        }
        foreach (string name in checkpoint.LeftOut)
            output.WriteLine($"{Printable.OneLine(name)}  left out, an object");
    }

    private static string Text(TensorStatistics found)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        string first = string.Join(", ", found.First.Select(value => value.ToString("G9", culture)));
        string sums = string.Create(culture, $"sum {found.Sum:G9}  abs {found.AbsoluteSum:G9}");
        return string.Create(culture, $"  first [{first}]  {sums}  nan {found.NanCount}  inf {found.InfinityCount}");
    }

    /// <summary>Null for strings, types without numbers, and tensors whose data file is missing.</summary>
    private static TensorStatistics? Statistics(ICheckpoint checkpoint, TensorEntry tensor)
    {
        if (!TensorStatistics.CanRead(tensor))
            return null;
        try
        {
            return TensorStatistics.Of(checkpoint, tensor);
        }
        catch (FileNotFoundException) when (checkpoint.Kind == CheckpointKind.TensorFlow)
        {
            return null;
        }
    }

    private static string TypeName(TensorEntry tensor) => tensor.StoredType ?? Elements.Name(tensor.Type);
}
