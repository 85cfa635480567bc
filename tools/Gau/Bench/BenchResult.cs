using System.Globalization;
using GauRuntime.Tools;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Bench;

/// <summary>One measurement, as a row of the table or a line of JSON.</summary>
internal sealed record BenchResult
{
    /// <summary>What is said of a measurement with <see cref="FirstOnly"/>.</summary>
    public const string First = "first";

    public required WeightType Type { get; init; }

    public required AttentionType Attention { get; init; }

    public required string Tier { get; init; }

    /// <summary>Tokens of a text.</summary>
    public required int Length { get; init; }

    /// <summary>Texts per pass.</summary>
    public required int Batch { get; init; }

    public required int Threads { get; init; }

    public required int Passes { get; init; }

    public required double MedianSeconds { get; init; }

    /// <summary>Whether of every text the last hidden state of the first token alone is read.</summary>
    public bool FirstOnly { get; init; }

    /// <summary>That one pass computes.</summary>
    public required PassOperations Operations { get; init; }

    /// <summary>Of one core.</summary>
    public required MachinePeak Peak { get; init; }

    public required double PeakRssMebibytes { get; init; }

    /// <summary>Where the time went, if that was asked for.</summary>
    public StepShares? Steps { get; init; }

    /// <summary>The table's first line.</summary>
    public static string Header =>
        Row("type", "tier", "length", "batch", "threads", "ms/pass", "tokens/s", "GFLOP/s", "of peak", "RSS MiB");

    private double TokensPerSecond => (double)Batch * Length / MedianSeconds;

    private double Gflops => Operations.Total / MedianSeconds * 1e-9;

    /// <summary>The time that the pass would take at the peak of all its threads, over the time that it took.</summary>
    private double PeakShare => Peak.SecondsOf(Operations, Type, Attention, Threads) / MedianSeconds;

    /// <summary>A row under <see cref="Header"/>, and a line of steps under it.</summary>
    public string Words() => Row(
        JsonName.Of(Type), Tier, Whole(Length), Whole(Batch), Whole(Threads), Fixed(MedianSeconds * 1000, "0.000"),
        Fixed(TokensPerSecond, "0"), Fixed(Gflops, "0.0"), Fixed(100 * PeakShare, "0.0") + " %",
        Fixed(PeakRssMebibytes, "0")) + (Steps is null ? "" : "\n" + Steps.Words());

    /// <summary>An object on one line.</summary>
    public string Json() => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("type"u8, JsonName.Of(Type));
        json.WriteString("tier"u8, Tier);
        json.WriteNumber("length"u8, Length);
        json.WriteNumber("batch"u8, Batch);
        json.WriteNumber("threads"u8, Threads);
        json.WriteNumber("median_ms"u8, Math.Round(MedianSeconds * 1000, 4));
        json.WriteNumber("tokens_per_second"u8, Math.Round(TokensPerSecond, 1));
        json.WriteNumber("gflops"u8, Math.Round(Gflops, 2));
        json.WriteNumber("peak_share"u8, Math.Round(PeakShare, 4));
        json.WriteNumber("peak_rss_mib"u8, Math.Round(PeakRssMebibytes, 1));
        json.WriteString("attention"u8, JsonName.Of(Attention));
        json.WriteNumber("passes"u8, Passes);
        json.WriteNumber("peak_f32_gflops"u8, Math.Round(Peak.F32, 1));
        json.WriteNumber("peak_int8_gops"u8, Math.Round(Peak.Int8, 1));
        if (FirstOnly)
            json.WriteString("read"u8, First);
        Steps?.WriteTo(json);
        json.WriteEndObject();
    });

    private static string Row(string type, string tier, params ReadOnlySpan<string> numbers)
    {
        string row = $"{type,-5} {tier,-10}";
        foreach (string number in numbers)
            row += $" {number,9}";
        return row;
    }

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Fixed(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
