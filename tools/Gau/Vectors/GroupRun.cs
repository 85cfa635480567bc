using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using GauRuntime.Cli.Records;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Vectors;
using GauRuntime.Tools;
using GauRuntime.Weights;

namespace GauRuntime.Cli.Vectors;

/// <summary>Groups the records of a command line, and writes a row for each of them.</summary>
internal sealed class GroupRun(RecordOptions options, EmbedderOptionSet embedder, ParseResult result, CommandHost host)
{
    // Between two lines about how far the work is: of a log, and of a terminal or events.
    private const int LogSeconds = 30, TellSeconds = 10;

    private readonly bool json = result.GetValue<bool>(CommonOptions.JsonName);
    private long lastTold = host.Clock.GetTimestamp();

    /// <summary>Whether texts are held, for the rows or for what is written besides.</summary>
    public bool KeepsTexts { get; init; }

    /// <summary>Whether every row has to have a text.</summary>
    public bool RequiresTexts { get; init; }

    /// <summary>Another file that is written, or null.</summary>
    public (string? Path, string Option) Besides { get; init; }

    /// <summary>Does all of it.</summary>
    /// <param name="inputs">The records.</param>
    /// <param name="columns">What a row holds.</param>
    /// <param name="group">Groups them, and gives what writes a row and what is told at the end.</param>
    /// <returns>The exit code; faults are exceptions.</returns>
    public int Execute(
        InputFile[] inputs, IReadOnlyList<ResultColumn> columns, Func<VectorTable, GroupedRecords> group)
    {
        string? path = options.Output(result);
        RecordFormat format = options.OutputFormat(result);
        Check(inputs, path);
        using OutputFile? file = path is null or "-"
            ? null
            : host.Create(path, options.Force(result));
        using OutputFile? besides = Besides.Path is { } other
            ? host.Create(other, options.Force(result))
            : null;
        using VectorTable table = new VectorSource(options, embedder, result, host).Open(inputs, KeepsTexts);
        if (RequiresTexts && !table.HasTexts && table.Vectors.Count > 0)
            throw new ToolException(
                ExitCode.Usage, $"--include-text: {Printable.OneLine(table.Name)} holds vectors without texts",
                table.Name);
        long start = host.Clock.GetTimestamp();
        GroupedRecords grouped = group(table);
        double seconds = host.Clock.GetElapsedTime(start).TotalSeconds;
        GroupRows rows = new(table, columns, format, options.ByteOrderMark(result));
        using (Stream? standard = file is null ? host.OpenOutput() : null)
            rows.Write(
                file?.Stream ?? standard!, options.OutputCompression(result, path ?? "-"), grouped.Write, host.Cancel);
        if (besides is not null)
        {
            grouped.WriteBesides!(besides.Stream);
            besides.Commit();
        }
        file?.Commit();
        Tell(grouped, table, seconds);
        return ExitCode.Ok;
    }

    /// <summary>Tells now and then how far the work is.</summary>
    public IProgress<BatchProgress> Progress(string unit) => new Reports(progress =>
    {
        ProgressReports reports = options.Reports(result, host);
        if (reports == ProgressReports.None && !options.ShowProgress(result, host))
            return;
        int seconds = reports == ProgressReports.Lines ? LogSeconds : TellSeconds;
        if (host.Clock.GetElapsedTime(lastTold).TotalSeconds < seconds)
            return;
        lastTold = host.Clock.GetTimestamp();
        host.Error.WriteLine(
            reports == ProgressReports.Events
                ? Event(progress, unit)
                : $"gau: {progress.Done} of {progress.Total} {unit}");
    });

    private static string Event(BatchProgress progress, string unit) => JsonText.Of("progress", writer =>
    {
        writer.WriteNumber("done"u8, progress.Done);
        writer.WriteNumber("total"u8, progress.Total);
        writer.WriteString("of"u8, unit);
    });

    private void Check(InputFile[] inputs, string? path)
    {
        options.CheckExtension(result);
        options.CheckOutput(result);
        TouchedFiles files = Inputs.Touched(host, inputs);
        files.Read(options.Model(result));
        files.WriteTo(path, "--output");
        files.WriteTo(options.Rejects(result), "--rejects");
        files.WriteTo(Besides.Path, Besides.Option);
    }

    private void Tell(GroupedRecords grouped, VectorTable table, double seconds)
    {
        int records = table.Vectors.Count;
        if (!json)
        {
            host.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"gau: {records} records{Rejected(table)} {grouped.Words} in {seconds:0.0} s, "
                + $"{PeakMemory.Mebibytes():0} MiB at most"));
            return;
        }
        host.Error.WriteLine(JsonText.Of("groups", writer =>
        {
            writer.WriteNumber("records"u8, records);
            writer.WriteNumber("rejected"u8, table.Rejected.Count);
            grouped.WriteFigures(writer);
            writer.WriteNumber("seconds"u8, Math.Round(seconds, 3));
            writer.WriteNumber("peak_rss_mib"u8, Math.Round(PeakMemory.Mebibytes(), 1));
        }));
    }

    private static string Rejected(VectorTable table) =>
        table.Rejected.Count == 0 ? "" : $" (and {table.Rejected.Count} rejected)";

    private sealed class Reports(Action<BatchProgress> report) : IProgress<BatchProgress>
    {
        public void Report(BatchProgress value) => report(value);
    }
}

/// <summary>Records that have been grouped.</summary>
/// <param name="Words">What they became, behind their number.</param>
/// <param name="WriteFigures">The same as properties of JSON.</param>
/// <param name="Write">Writes the values of a row.</param>
internal sealed record GroupedRecords(
    string Words, Action<Utf8JsonWriter> WriteFigures, Action<int, ResultRows> Write)
{
    /// <summary>Writes what goes to another file.</summary>
    public Action<Stream>? WriteBesides { get; init; }
}
