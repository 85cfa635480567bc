using System.CommandLine;
using System.Globalization;
using GauRuntime.Cli.Records;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Records.Indexed;
using GauRuntime.Scoring.Results;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau index</c>: where records end, for shares that need not read what lies before them.</summary>
internal sealed class IndexCommand
{
    private readonly Argument<string[]> inputs = RecordInputs.Create(ArgumentArity.OneOrMore);
    private readonly Option<string?> output = CommonOptions.CreateOutput("The file of the index.");
    private readonly Option<string> format = OptionKinds.Word(
        "--format", "Format of the inputs; auto goes by the extension.",
        "auto", FormatWords.OfRecords);
    private readonly EncodingOption encoding = new();
    private readonly TableOptions tables = new();
    private readonly ThreadsOption threads = new();
    private readonly Option<bool> noProgress = OptionKinds.Switch("--no-progress", "No lines of progress.");
    private readonly Option<bool> force = CommonOptions.CreateForce();

    private IndexCommand() => inputs.Description =
        "Files of records (JSON Lines, CSV, TSV, text lines, Parquet, Arrow); folders of such files; patterns with *, "
        + "? and **. By these names they are found in the index.";

    public static Command Create(CommandHost host)
    {
        Command command = new(
            "index", "Note where records end in inputs, so that --shard and --resume read only what is their own.");
        IndexCommand index = new();
        command.Add(index.inputs);
        Array.ForEach<Option>(
            [
                index.output, index.format, index.encoding.Option, .. index.tables.All, index.threads.Option,
                index.noProgress, index.force,
            ],
            command.Add);
        command.SetAction(result => index.Execute(result, host));
        return command;
    }

    private int Execute(ParseResult result, CommandHost host)
    {
        bool json = result.GetValue<bool>(CommonOptions.JsonName);
        string path = result.GetValue(output) is { } given and not "-"
            ? given
            : throw new ToolException(ExitCode.Usage, "index needs --output FILE: an index goes into a file");
        InputFile[] files = Inputs.Find(
            result.GetValue(inputs)!, RecordFormats.Parse(result.GetValue(format)!), host, json);
        if (files.Any(Inputs.IsStandard))
            throw new ToolException(
                ExitCode.Usage, "-: standard input cannot be indexed, as no share can be read of it");
        encoding.Check(result, files);
        tables.Check(result, files);
        TouchedFiles touched = Inputs.Touched(host, files);
        touched.WriteTo(path, "--output");
        using OutputFile file = host.Create(path, result.GetValue(force));
        RecordFields fields = tables.Apply(result, new RecordFields { Encoding = encoding.Value(result) });
        long start = host.Clock.GetTimestamp();
        InputIndex index;
        using (IndexProgress progress = new(files, host, json, isShown: !result.GetValue(noProgress)))
            index = InputIndex.Make(
                files, fields, threads.Count(result, host), progress.Add, InputDigest.UsualBlock, inBlocks: true,
                host.Cancel);
        index.Write(file.Stream);
        file.Commit();
        double seconds = host.Clock.GetElapsedTime(start).TotalSeconds;
        host.Error.WriteLine(json ? Json(index, seconds) : Words(index, seconds));
        int whole = index.Inputs.Count(input => input.IsWhole);
        if (whole > 0)
            host.Note(
                $"{whole} of {index.Inputs.Count} inputs stay whole, as they are compressed, arrays of JSON or JSON "
                + "over several lines: each belongs to one share",
                json);
        return ExitCode.Ok;
    }

    private static string Words(InputIndex index, double seconds) => string.Create(
        CultureInfo.InvariantCulture,
        $"gau: {index.Inputs.Count} inputs, {index.Records} records, {index.Bytes} bytes in {seconds:0.0} s, "
        + $"{index.Bytes / Math.Max(seconds, 1e-3) / 1e6:0} MB/s; {Places(index)} places");

    private static string Json(InputIndex index, double seconds) => JsonText.Of("summary", json =>
    {
        json.WriteNumber("inputs"u8, index.Inputs.Count);
        json.WriteNumber("whole"u8, index.Inputs.Count(input => input.IsWhole));
        json.WriteNumber("records"u8, index.Records);
        json.WriteNumber("bytes"u8, index.Bytes);
        json.WriteNumber("places"u8, Places(index));
        json.WriteNumber("seconds"u8, Math.Round(seconds, 3));
    });

    private static long Places(InputIndex index) => index.Inputs.Sum(input => (long)input.Places.Count);
}
