using System.Globalization;
using System.Text.Json;
using GauRuntime.Convert.Conversion;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Verification;

/// <summary>
/// <c>gau-convert A --verify-against B</c>: whether two model files, or a model file and a checkpoint, hold the same
/// weights, up to the rounding of the types they are stored in.
/// </summary>
internal static class VerifyCommand
{
    /// <summary>Compares tensor by tensor.</summary>
    /// <returns><see cref="ExitCode.Ok"/>, or <see cref="ExitCode.Mismatch"/>.</returns>
    public static int Run(ConvertOptions options, string other, bool json, TextWriter output)
    {
        InputWatch watch =
            new(((string[])[options.Checkpoint, other]).Select(CheckpointSource.Find)
                .SelectMany(source => source.Files.Concat(source.Sentence?.Files() ?? [])));
        TensorDifference[] tensors = watch.During<TensorDifference[]>(() =>
        {
            using WeightSide first = WeightSide.Open(options.Checkpoint, options);
            using WeightSide second = WeightSide.Open(other, options);
            return [.. Compare(first, second)];
        });
        int bad = tensors.Count(tensor => tensor.Fault is not null);
        if (json)
            output.WriteLine(Json(tensors, bad == 0));
        else
            Words(tensors, bad, output);
        return bad == 0 ? ExitCode.Ok : ExitCode.Mismatch;
    }

    private static IEnumerable<TensorDifference> Compare(WeightSide first, WeightSide second)
    {
        foreach (string name in first.Tensors.Keys.Union(second.Tensors.Keys))
        {
            TensorSpec? a = first.Tensors.GetValueOrDefault(name), b = second.Tensors.GetValueOrDefault(name);
            string? storedA = a is null ? null : first.StorageOf(a), storedB = b is null ? null : second.StorageOf(b);
            if (a is null || b is null)
                yield return TensorDifference.Unlike(
                    name, storedA, storedB, a is null ? "only in the second" : "only in the first");
            else if (a.Rows != b.Rows || a.Columns != b.Columns)
                yield return TensorDifference.Unlike(
                    name, storedA, storedB, $"[{a.Rows}, {a.Columns}] against [{b.Rows}, {b.Columns}]");
            else
                yield return TensorDifference.Of(first, second, a);
        }
    }

    private static void Words(TensorDifference[] tensors, int bad, TextWriter output)
    {
        foreach (TensorDifference tensor in tensors)
        {
            string types = $"{tensor.First ?? "–"} / {tensor.Second ?? "–"}";
            string numbers = double.IsNaN(tensor.Rms) ? "" : string.Create(CultureInfo.InvariantCulture,
                $"largest {tensor.Largest:G3}  rms {tensor.Rms:G3}  {Decibels(tensor.SignalToNoise)}  ");
            output.WriteLine(Printable.OneLine($"{tensor.Name,-32} {types,-24} {numbers}{tensor.Fault}").TrimEnd());
        }
        output.WriteLine(bad == 0
            ? $"{tensors.Length} tensors: the same weights, up to the rounding of their types"
            : $"{bad} of {tensors.Length} tensors differ");
    }

    private static string Decibels(double value) =>
        double.IsPositiveInfinity(value) ? "equal" : string.Create(CultureInfo.InvariantCulture, $"{value:F1} dB");

    private static string Json(TensorDifference[] tensors, bool same) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("same", same);
        writer.WriteStartArray("tensors");
        foreach (TensorDifference tensor in tensors)
        {
            writer.WriteStartObject();
            writer.WriteString("name", tensor.Name);
            writer.WriteString("first", tensor.First);
            writer.WriteString("second", tensor.Second);
            Reports.ReportJson.Finite(writer, "max_difference", tensor.Largest);
            Reports.ReportJson.Finite(writer, "rms_difference", tensor.Rms);
            Reports.ReportJson.Finite(writer, "snr_db", tensor.SignalToNoise);
            writer.WriteString("fault", tensor.Fault);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}
