using System.Globalization;
using System.Text.Json;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Results;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Records;

/// <summary>What is told at the end of a run: figures, and why records were rejected.</summary>
internal static class RunSummary
{
    private const int ShownReasons = 3;
    private const int ShownDigits = 9;   // of a cosine

    /// <summary>Writes it to stderr: a line and a note per reason, or a line of JSON.</summary>
    /// <param name="progress">How far it came.</param>
    /// <param name="vectors">What the vectors of its rows are; null where rows have none.</param>
    /// <param name="host">Where it goes.</param>
    /// <param name="json">Whether to a program.</param>
    public static void Write(RunProgress progress, VectorDescription? vectors, CommandHost host, bool json) => Write(
        Words(progress) + Words(progress.Totals.Loss, vectors), "summary",
        writer =>
        {
            progress.WriteFigures(writer);
            if (vectors is not null)
                WriteVectors(writer, vectors, progress.Totals.Loss);
        },
        progress.Totals, host, json);

    /// <summary>The same of a run that computed nothing.</summary>
    public static void WriteDryRun(RunTotals totals, CommandHost host, bool json)
    {
        RunCounts read = totals.Written;
        Write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"gau: dry run: {read.Records} records ({read.Rejected} rejected, {read.Truncated} truncated)"
                + $"{Candidates(read)}, "
                + $"{read.Tokens} tokens; nothing was computed or written"),
            "dry_run", writer => WriteCounts(writer, read), totals, host, json);
    }

    /// <summary>The three most frequent reasons for rejects, as notes.</summary>
    public static void WriteReasons(RejectKinds rejects, CommandHost host, bool json)
    {
        foreach (string line in rejects.Lines(ShownReasons))
            host.Note(line, json);
    }

    public static void WriteCounts(Utf8JsonWriter json, RunCounts counts)
    {
        json.WriteNumber("records"u8, counts.Records);
        json.WriteNumber("rejected"u8, counts.Rejected);
        json.WriteNumber("truncated"u8, counts.Truncated);
        json.WriteNumber("tokens"u8, counts.Tokens);
        if (counts.RejectedCandidates > 0)
            json.WriteNumber("rejected_candidates"u8, counts.RejectedCandidates);
    }

    private static void WriteVectors(Utf8JsonWriter json, VectorDescription vectors, CosineLoss? loss)
    {
        json.WriteStartObject("vectors"u8);
        vectors.Write(json);
        json.WriteEndObject();
        if (loss is null)
            return;
        json.WriteStartObject("cosine"u8);
        json.WriteNumber("mean"u8, Math.Round(loss.Mean, ShownDigits));
        json.WriteNumber("min"u8, Math.Round(loss.Min, ShownDigits));
        json.WriteEndObject();
    }

    private static string Words(CosineLoss? loss, VectorDescription? vectors) => loss is null || vectors is null
        ? ""
        : string.Create(
            CultureInfo.InvariantCulture,
            $"; cosine of {VectorPrecisions.NameOf(vectors.Precision)} to f32: mean {loss.Mean:0.00000000}, "
            + $"min {loss.Min:0.00000000}");

    private static void Write(
        string words, string name, Action<Utf8JsonWriter> figures, RunTotals totals, CommandHost host, bool json)
    {
        if (!json)
        {
            host.Error.WriteLine(words);
            if (totals.Windows.Ranges.Any())
                host.Error.WriteLine(Words(totals.Windows));
            WriteReasons(totals.Rejects, host, json);
            return;
        }
        host.Error.WriteLine(JsonText.Of(name, writer =>
        {
            figures(writer);
            if (totals.Windows.Ranges.Any())
                WriteWindows(writer, totals.Windows);
            WriteReasons(writer, totals.Rejects);
        }));
    }

    private static void WriteReasons(Utf8JsonWriter json, RejectKinds rejects)
    {
        json.WriteStartArray("reasons"u8);
        foreach (RejectKind kind in rejects.MostFrequent(ShownReasons))
        {
            json.WriteStartObject();
            json.WriteNumber("records"u8, kind.Records);
            json.WriteString("reason"u8, kind.Reason);
            json.WriteBoolean("same"u8, kind.IsSame);
            json.WriteString("file"u8, kind.First.Source);
            json.WriteNumber("line"u8, kind.First.Line);
            json.WriteStartArray("fields"u8);
            foreach (string field in kind.Fields)
                json.WriteStringValue(field);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Words(RunProgress progress)
    {
        string resumed = progress.Totals.Resumed.Records > 0
            ? string.Create(CultureInfo.InvariantCulture, $", {progress.Totals.Resumed.Records} of them before")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"gau: {progress.Totals.Written.Records} records ({progress.Totals.Written.Rejected} rejected, "
            + $"{progress.Totals.Written.Truncated} truncated{resumed}){Candidates(progress.Totals.Written)}, "
            + $"{progress.Totals.Written.Tokens} tokens "
            + $"in {progress.Seconds:0.0} s: {progress.RecordsPerSecond:0.#} records/s, "
            + $"{progress.TokensPerSecond:0} tokens/s, {PeakMemory.Mebibytes():0} MiB at most");
    }

    private static string Words(WindowCounts windows) => "gau: windows of a record: " + string.Join(
        ", ", windows.Ranges.Select(range => string.Create(
            CultureInfo.InvariantCulture, $"{range.Windows} in {range.Records}")));

    private static void WriteWindows(Utf8JsonWriter json, WindowCounts windows)
    {
        json.WriteStartObject("windows"u8);
        foreach ((string range, long records) in windows.Ranges)
            json.WriteNumber(range, records);
        json.WriteEndObject();
    }

    private static string Candidates(RunCounts counts) => counts.RejectedCandidates switch
    {
        0 => "",
        1 => " and 1 rejected candidate",
        _ => string.Create(CultureInfo.InvariantCulture, $" and {counts.RejectedCandidates} rejected candidates"),
    };
}
