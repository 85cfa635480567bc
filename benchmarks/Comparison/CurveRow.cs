using System.Globalization;
using System.Text.Json;

namespace GauRuntime.Benchmarks.Comparison;

/// <summary>A line of <c>curve.csv</c> that was measured on held-out texts.</summary>
/// <param name="Update">Updates done.</param>
/// <param name="Tokens">Tokens trained on.</param>
/// <param name="HeldOutLoss">Nats per masked token.</param>
/// <param name="HeldOutAccuracy">Masked tokens that were found, from 0 to 1.</param>
/// <param name="Seconds">Since the beginning.</param>
internal sealed record CurveRow(long Update, long Tokens, double HeldOutLoss, double HeldOutAccuracy, double Seconds)
{
    /// <summary>Reads a curve of <c>gau-train pretrain</c>.</summary>
    public static IReadOnlyList<CurveRow> Read(string file)
    {
        string[] lines = File.ReadAllLines(file);
        string[] names = lines[0].Split(',');
        double Field(string[] fields, string name) =>
            double.Parse(fields[Array.IndexOf(names, name)], CultureInfo.InvariantCulture);

        return
        [
            .. lines.Skip(1).Select(line => line.Split(','))
                .Where(fields => fields[Array.IndexOf(names, "held_out_loss")].Length > 0)
                .Select(fields => new CurveRow(
                    (long)Field(fields, "update"), (long)Field(fields, "tokens"), Field(fields, "held_out_loss"),
                    Field(fields, "held_out_accuracy"), Field(fields, "seconds"))),
        ];
    }
}

/// <summary>What <c>gau bench --json</c> says of a length.</summary>
/// <param name="TokensPerSecond">Of the encoder.</param>
/// <param name="PeakRssMib">Most memory.</param>
internal sealed record BenchRow(double TokensPerSecond, double PeakRssMib)
{
    /// <summary>How its keys are written.</summary>
    public static JsonSerializerOptions Names { get; } =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
