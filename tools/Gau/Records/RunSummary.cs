using System.Globalization;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Records;

/// <summary>One line at the end of a run.</summary>
internal static class RunSummary
{
    /// <summary>In words, or as JSON.</summary>
    public static string Line(RunProgress progress, bool json) => json
        ? JsonText.Of(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("summary"u8);
            progress.WriteFigures(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        })
        : Words(progress);

    private static string Words(RunProgress progress)
    {
        string resumed = progress.Totals.Resumed.Records > 0
            ? string.Create(CultureInfo.InvariantCulture, $", {progress.Totals.Resumed.Records} of them before")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"gau: {progress.Totals.Written.Records} records ({progress.Totals.Written.Rejected} rejected, "
            + $"{progress.Totals.Written.Truncated} truncated{resumed}), {progress.Totals.Written.Tokens} tokens "
            + $"in {progress.Seconds:0.0} s: {progress.RecordsPerSecond:0.#} records/s, "
            + $"{progress.TokensPerSecond:0} tokens/s, {PeakMemory.Mebibytes():0} MiB at most");
    }
}
