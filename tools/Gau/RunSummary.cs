using System.Globalization;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Tools;

namespace GauRuntime.Cli;

/// <summary>One line at the end of a run.</summary>
internal sealed class RunSummary(RunTotals totals, TimeSpan time)
{
    /// <summary>In words, or as JSON.</summary>
    public string Line(bool json)
    {
        double seconds = Math.Max(time.TotalSeconds, 1e-3);
        double recordRate = Math.Round(totals.Records / seconds, 1);
        double tokenRate = Math.Round(totals.Tokens / seconds, 1);
        if (!json)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"gau: {totals.Records} records ({totals.Rejected} rejected, {totals.Truncated} truncated), "
                + $"{totals.Tokens} tokens in {seconds:0.0} s: {recordRate:0.#} records/s, {tokenRate:0} tokens/s");
        }
        return JsonText.Of(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("summary"u8);
            writer.WriteNumber("records"u8, totals.Records);
            writer.WriteNumber("rejected"u8, totals.Rejected);
            writer.WriteNumber("truncated"u8, totals.Truncated);
            writer.WriteNumber("tokens"u8, totals.Tokens);
            writer.WriteNumber("seconds"u8, Math.Round(seconds, 3));
            writer.WriteNumber("records_per_second"u8, recordRate);
            writer.WriteNumber("tokens_per_second"u8, tokenRate);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }
}
