using System.Globalization;
using System.Text.Json;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Records;

/// <summary>How far a run is, as figures for people and programs; safe to use from any thread.</summary>
internal sealed class RunProgress(RunTotals totals, RecordSource source, TimeProvider clock)
{
    private readonly long start = clock.GetTimestamp();

    public RunTotals Totals { get; } = totals;

    /// <summary>Since the run began.</summary>
    public double Seconds => Math.Max(clock.GetElapsedTime(start).TotalSeconds, 1e-3);

    /// <summary>Without what earlier attempts did.</summary>
    public double RecordsPerSecond => Math.Round(Totals.New.Records / Seconds, 1);

    /// <inheritdoc cref="RecordsPerSecond"/>
    public double TokensPerSecond => Math.Round(Totals.New.Tokens / Seconds, 1);

    /// <summary>Share of the input that has been read, by bytes; null where its size is not known.</summary>
    public double? Share => source.BytesOwn is > 0 and var total ? Math.Min(1, (double)source.BytesRead / total) : null;

    /// <summary>Time left at the rate so far, or null where nothing can be said.</summary>
    public double? SecondsLeft
    {
        get
        {
            if (Share is not { } share || Totals.New.Records == 0)
                return null;
            double own = share * Totals.New.Records / Totals.Written.Records;   // without what earlier attempts did
            return Math.Round(Seconds * (1 - share) / own, 1);
        }
    }

    /// <summary>Records, rates, rejects and the time left in words.</summary>
    public string Words() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Totals.Written.Records} records, {RecordsPerSecond:0.#}/s, {TokensPerSecond:0} tokens/s, "
        + $"{Totals.Written.Rejected} rejected{(SecondsLeft is { } left ? $", {Duration.Of(left)} left" : "")}");

    /// <summary>All of it as a line, where there is no bar.</summary>
    public string Line() => Share is { } read
        ? string.Create(CultureInfo.InvariantCulture, $"gau: {100 * read:0} %, {Words()}")
        : $"gau: {Words()}";

    /// <summary>Writes the figures as properties.</summary>
    public void WriteFigures(Utf8JsonWriter json)
    {
        RunSummary.WriteCounts(json, Totals.Written);
        json.WriteNumber("resumed_records"u8, Totals.Resumed.Records);
        json.WriteNumber("computed_records"u8, Totals.Computed);
        json.WriteNumber("seconds"u8, Math.Round(Seconds, 3));
        json.WriteNumber("records_per_second"u8, RecordsPerSecond);
        json.WriteNumber("tokens_per_second"u8, TokensPerSecond);
        if (Share is { } share)
            json.WriteNumber("share"u8, Math.Round(share, 4));
        if (SecondsLeft is { } left)
            json.WriteNumber("seconds_left"u8, left);
        json.WriteNumber("peak_rss_mib"u8, Math.Round(PeakMemory.Mebibytes(), 1));
    }
}
