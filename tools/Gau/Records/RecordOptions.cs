using System.CommandLine;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli.Records;

/// <summary>
/// The options of the commands that turn records into results: <c>score</c>, <c>embed</c>, <c>fill</c>, <c>rerank</c>,
/// <c>eval</c>, <c>calibrate</c>.
/// </summary>
internal sealed class RecordOptions
{
    private const string Replace = "replace";

    private readonly Option<string?> output = CommonOptions.CreateOutput(
        "Write the results there instead of to standard output.");
    private readonly Option<string?> model = CommonOptions.CreateModel();
    private readonly Option<bool> force = CommonOptions.CreateForce();
    private readonly Option<string> format = OptionKinds.Word(
        "--format", "Format of the inputs; auto goes by the extension, and takes standard input as JSON Lines.",
        "auto", FormatWords.OfRecords);
    private readonly bool embeds;
    private readonly Option<string> outputFormat;
    private readonly Option<string> outputCompression = OptionKinds.Word(
        "--output-compression", "Compression of the results; auto goes by the extension, .gz or .zst.",
        "auto", "auto", "none", "gzip", "zstd");
    private readonly Option<bool> byteOrderMark = OptionKinds.Switch(
        "--bom", "Begin results in CSV or TSV with a byte order mark, without which Excel takes them for another "
        + "encoding than UTF-8.");
    private readonly Option<string?> text = OptionKinds.Text(
        "--text", "Field of the text [default: text; question answering: question]", "NAME");
    private readonly Option<string?> pair = OptionKinds.Text(
        "--pair", "Field of the second text of a pair [default: none; question answering: context]", "NAME");
    private readonly Option<string?> id = OptionKinds.Text("--id", "Field of the record's id [default: id]", "NAME");
    private readonly Option<string?> choices = OptionKinds.Text(
        "--choices", "Field of the choices of a multiple-choice model [default: choices]", "NAME");
    private readonly Option<bool> keepFields = OptionKinds.Switch(
        "--keep-fields", "Carry the records' other fields to the results: as 'fields', in CSV, TSV, Parquet and Arrow "
        + "as columns of their own.");
    private readonly Option<bool> includeText = OptionKinds.Switch(
        "--include-text", "Put the records' texts into the results: 'text', and 'pair' and 'choices' where there are.");
    private readonly Option<string> utf8 = OptionKinds.Word(
        "--utf8", "What bytes that are not of the encoding do: reject their record, or become U+FFFD and flag it "
        + "'replaced'.",
        "reject", "reject", Replace);
    private readonly EncodingOption encoding = new();
    private readonly TableOptions tables = new();
    private readonly ThreadsOption threads = new();
    private readonly Option<long?> memory = OptionKinds.Size(
        "--memory", "Use at most so much memory, as in 800M or 2G, if need be on fewer threads [default: what the run "
        + "needs, where the machine and the control group allow it]");
    private readonly Option<int?> batchTokens = OptionKinds.Number(
        "--batch-tokens", $"Tokens per batch; changes no result [default: {ScoringOptions.DefaultBatchTokens}]",
        1, 1 << 20);
    private readonly Option<int?> maxLength = OptionKinds.Number(
        "--max-length", "Cut longer texts to so many tokens "
        + $"[default: as the model says, else {ScoringOptions.DefaultMaxLength}]", 8, GauBatch.MaxLength);
    private readonly Option<int?> maxLine = OptionKinds.Number(
        "--max-line", $"Reject longer records, in bytes [default: {RecordSource.DefaultLongestLine}]", 1, 1 << 30);
    private readonly Option<string?> rejects = OptionKinds.Text(
        "--rejects", "Write rejected records there as well, with their text and place.", "FILE");
    private readonly Option<int?> maxRejects = OptionKinds.Number(
        "--max-rejects", "End with code 3 if more records are rejected [default: no limit]", 0);
    private readonly Option<bool> resume = OptionKinds.Switch(
        "--resume", "Go on where an interrupted run of the same command ended; start where there was none.");
    private readonly Option<int?> checkpointSeconds = OptionKinds.Number(
        "--checkpoint-seconds", "Seconds between two points from which a run can be resumed; 0: after every batch "
        + $"[default: {Scoring.Jobs.JobOutput.DefaultCheckpointInterval.TotalSeconds:0}]", 0, 3600);
    private readonly Option<string?> shard = OptionKinds.Text(
        "--shard", "Score the share i of N of the inputs, i from 0; auto: what the cluster's scheduler says. The "
        + "output then is a folder.", "i/N|auto");
    private readonly Option<string?> index = OptionKinds.Text(
        "--index", "What 'gau index' has made of the inputs: with --shard or --resume, what lies before is not read.",
        "FILE");
    private readonly Option<string?> statusFile = OptionKinds.Text(
        "--status-file", "Keep a file of JSON there that says how the run goes.", "FILE");
    private readonly Option<bool> noProgress = OptionKinds.Switch(
        "--no-progress", "No progress bar, and no lines of progress where stderr is no terminal.");
    private readonly Option<int?> dryRun = OptionKinds.Number(
        "--dry-run", "Check inputs, fields, model and outputs on the first N records; compute and write nothing.", 1);

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="makesResults">Whether it writes a row per record, or only reads and computes.</param>
    /// <param name="ranks">Whether records are queries, and others their candidates.</param>
    /// <param name="embeds">Whether results are vectors.</param>
    /// <param name="groups">Whether results are of all records together, and so cannot be made in parts.</param>
    /// <param name="namesModel">Whether <c>--model</c> names the model, or an argument of the command.</param>
    public RecordOptions(
        Command command, bool makesResults = true, bool ranks = false, bool embeds = false, bool groups = false,
        bool namesModel = true)
    {
        this.embeds = embeds;
        outputFormat = OptionKinds.Word(
            "--output-format", "Format of the results; auto goes by the extension, else JSON Lines.",
            "auto", [.. FormatWords.WithFields, .. embeds ? ["npy"] : Array.Empty<string>()]);
        if (ranks)
        {
            text.Description = "Field of the text [default: text]";
            keepFields.Description = "Carry the queries' other fields to the results, as 'fields'; JSON Lines only.";
        }
        if (groups)
            includeText.Description = "Put the records' texts into the results, as 'text'.";
        shard.CompletionSources.Add("auto");
        Option[] all = makesResults
            ? [
                output, model, format, outputFormat, outputCompression, byteOrderMark, text, pair, id, choices,
                keepFields, includeText, encoding.Option, utf8, .. tables.All, threads.Option, memory, batchTokens,
                maxLength, maxLine, rejects, maxRejects, force, resume, checkpointSeconds, shard, index,
                statusFile, noProgress, dryRun,
            ]
            : [
                model, format, text, pair, id, choices, encoding.Option, utf8, .. tables.All, threads.Option, memory,
                batchTokens, maxLength, maxLine, rejects, maxRejects, force, noProgress, dryRun,
            ];
        Option[] never =
        [
            .. ranks ? [pair, choices, includeText] : Array.Empty<Option>(),
            .. namesModel ? Array.Empty<Option>() : [model],
            .. groups
                ? [choices, keepFields, resume, checkpointSeconds, shard, index, statusFile, dryRun]
                : Array.Empty<Option>(),
        ];
        Array.ForEach<Option>([.. all.Except(never)], command.Add);
    }

    /// <summary>Those that say how texts are read and computed, which vectors have no use for.</summary>
    public IEnumerable<Option> OfTexts =>
    [
        model, format, text, pair, id, encoding.Option, utf8, .. tables.All, memory, batchTokens, maxLength, rejects,
        maxRejects,
    ];

    public string? Model(ParseResult result) => result.GetValue(model);

    public string? Output(ParseResult result) => result.GetValue(output);

    public string? Rejects(ParseResult result) => result.GetValue(rejects);

    public bool Force(ParseResult result) => result.GetValue(force);

    public bool Resume(ParseResult result) => result.GetValue(resume);

    public string? StatusFile(ParseResult result) => result.GetValue(statusFile);

    /// <summary>The file of an index, or null.</summary>
    public string? IndexFile(ParseResult result) => result.GetValue(index);

    public bool KeepFields(ParseResult result) => result.GetValue(keepFields);

    /// <summary>Whether results have the records' texts.</summary>
    public bool IncludeText(ParseResult result) => result.GetValue(includeText);

    /// <summary>More rejected records end a run; null: no limit.</summary>
    public long? MostRejects(ParseResult result) => result.GetValue(maxRejects);

    /// <summary>How many records a dry run reads, or null where the run is a real one.</summary>
    public int? DryRun(ParseResult result) => result.GetValue(dryRun);

    /// <summary>What is told of a run where there is no bar.</summary>
    public ProgressReports Reports(ParseResult result, CommandHost host) =>
        result.GetValue(noProgress) ? ProgressReports.None
        : result.GetValue<bool>(CommonOptions.JsonName) ? ProgressReports.Events
        : host.ErrorIsTerminal ? ProgressReports.None
        : ProgressReports.Lines;

    /// <summary>Whether there is a terminal to show a bar on, and nothing else on it.</summary>
    public bool ShowProgress(ParseResult result, CommandHost host) =>
        host.ErrorIsTerminal && (Output(result) is not (null or "-") || !host.OutputIsTerminal)
        && !result.GetValue(noProgress) && !result.GetValue<bool>(CommonOptions.JsonName);

    /// <summary>The share to score, or null for everything.</summary>
    public Shard? Shard(ParseResult result, CommandHost host)
    {
        bool json = result.GetValue<bool>(CommonOptions.JsonName);
        string? scheduler = ShardVariables.Scheduler(host.Environment);
        switch (result.GetValue(shard))
        {
            case null:
                if (scheduler is not null)
                    host.Note($"{scheduler} is set, but without --shard every task scores everything", json);
                return null;
            case "auto":
                return ShardVariables.Read(host.Environment);
            case { } text:
                return Scoring.Records.Shard.TryParse(text, out Shard share)
                    ? share
                    : throw new ToolException(
                        ExitCode.Usage, $"--shard: '{text}' is not i/N with i from 0 to N − 1, as in 0/16, nor auto");
        }
    }

    public JobOutput JobOutput(ParseResult result, string path, string? rejects, Shard? shard) => new()
    {
        Path = path,
        Rejects = rejects,
        Format = OutputFormat(result),
        Compression = OutputCompression(result, path),
        Shard = shard,
        Force = Force(result),
        Resume = Resume(result),
        CheckpointInterval = result.GetValue(checkpointSeconds) is { } seconds
            ? TimeSpan.FromSeconds(seconds)
            : Scoring.Jobs.JobOutput.DefaultCheckpointInterval,
    };

    /// <summary>Threads that may work.</summary>
    public int Threads(ParseResult result, CommandHost host) => threads.Within(result, host);

    /// <summary>The memory that was allowed, or null.</summary>
    public long? Memory(ParseResult result) => result.GetValue(memory);

    public int LongestLine(ParseResult result) => result.GetValue(maxLine) ?? RecordSource.DefaultLongestLine;

    /// <summary>The format that was asked for, or null to go by the extension.</summary>
    public RecordFormat? InputFormat(ParseResult result) => RecordFormats.Parse(result.GetValue(format)!);

    public RecordFormat OutputFormat(ParseResult result) =>
        ResultFormats.Parse(result.GetValue(outputFormat)!)
        ?? (Output(result) is { } path && OutputExtension.Format(path) is { } format ? format : RecordFormat.JsonLines);

    /// <summary>Refuses an output whose extension says a format that results are not written in.</summary>
    /// <exception cref="ToolException">It is one.</exception>
    public void CheckExtension(ParseResult result)
    {
        if (Output(result) is { } path and not "-" && !OutputFile.IsDevice(path)
            && result.GetValue(shard) is null && ResultFormats.Parse(result.GetValue(outputFormat)!) is null)
            OutputExtension.Require(path, embeds);
    }

    /// <summary>Refuses options of the output that do not go together.</summary>
    /// <exception cref="ToolException">There are such.</exception>
    public void CheckOutput(ParseResult result)
    {
        string? path = Output(result);
        bool isFile = path is not (null or "-") && !OutputFile.IsDevice(path);
        RecordFormat format = OutputFormat(result);
        bool isTable = ResultFormats.IsTable(format);
        string name = TableContent.NameOf(format);
        if (isTable && !isFile)
            throw new ToolException(ExitCode.Usage, $"{name} goes into a file: --output");
        if (isTable && OutputCompression(result, path!) != Compression.None)
            throw new ToolException(
                ExitCode.Usage,
                $"{name} is {(format == RecordFormat.Parquet ? "compressed by its columns" : "not compressed")}: leave "
                + "out .gz, .zst and --output-compression");
        if (!isFile && result.GetValue(outputCompression) is ("gzip" or "zstd"))
            throw new ToolException(
                ExitCode.Usage, "--output-compression is for files: pipe the results to gzip or zstd, or name one");
        if (ByteOrderMark(result) && !RecordFormats.IsDelimited(format))
            throw new ToolException(ExitCode.Usage, "--bom is for results in CSV or TSV: --output-format csv");
    }

    public Compression OutputCompression(ParseResult result, string path) => result.GetValue(outputCompression) switch
    {
        "none" => Compression.None,
        "gzip" => Compression.Gzip,
        "zstd" => Compression.Zstandard,
        _ => Compressions.OfExtension(path),
    };

    /// <summary>Whether the command line asks for points from which a run can be resumed.</summary>
    public bool NamesCheckpoints(ParseResult result, CommandHost host) =>
        EnvironmentOptions.IsTyped(result, checkpointSeconds, host.Environment);

    /// <summary>Whether results begin with a byte order mark.</summary>
    public bool ByteOrderMark(ParseResult result) => result.GetValue(byteOrderMark);

    /// <summary>Which fields of the records mean what.</summary>
    /// <param name="result">What was given.</param>
    /// <param name="usual">What a task reads unless told.</param>
    /// <exception cref="ToolException">A field is named that the task does not read, or one for two texts.</exception>
    public RecordFields Fields(ParseResult result, RecordFields usual)
    {
        bool chooses = usual.Choices is not null;
        if (!chooses && result.GetValue(choices) is not null)
            throw new ToolException(ExitCode.Usage, $"{choices.Name}: only a multiple-choice model reads choices");
        if (chooses && result.GetValue(pair) is not null)
            throw new ToolException(
                ExitCode.Usage, $"{pair.Name}: a multiple-choice model reads a text and choices, and no second text");
        RecordFields fields = Named(result, usual);
        FieldOptions.RequireTwoTexts(result, fields, text, pair);
        return fields;
    }

    private RecordFields Named(ParseResult result, RecordFields usual) => tables.Apply(result, usual with
    {
        Text = result.GetValue(text) ?? usual.Text,
        Pair = result.GetValue(pair) ?? usual.Pair,
        Id = result.GetValue(id) ?? usual.Id,
        Choices = usual.Choices is null ? null : result.GetValue(choices) ?? usual.Choices,
        KeepOthers = result.GetValue(keepFields),
        KeepTexts = result.GetValue(includeText),
        ReplaceInvalid = result.GetValue(utf8) == Replace,
        ExpectsIds = result.GetValue(id) is not null,
        Encoding = encoding.Value(result),
    });

    /// <summary>Refuses what would have no effect on these inputs.</summary>
    /// <param name="result">What was given.</param>
    /// <param name="records">
    /// Those whose fields the options can name; none where a task of CLUE says how its files are read.
    /// </param>
    /// <param name="besides">Others whose fields they can name too, but for those that are carried.</param>
    /// <exception cref="ToolException">There is such an option.</exception>
    public void CheckFields(
        ParseResult result, IReadOnlyList<InputFile> records, params IReadOnlyList<InputFile> besides)
    {
        InputFile[] inputs = [.. records, .. besides];
        encoding.Check(result, inputs);
        tables.Check(result, inputs);
        FieldOptions.RequireFormats(result, inputs, format);
        if (inputs.Length == 0)
            foreach (Option option in (Option[])[pair, choices, format, utf8])
                if (result.GetResult(option) is { Implicit: false })
                    throw new ToolException(ExitCode.Usage, $"{option.Name}: the task says how its files are read");
        FieldOptions.RequireFields(result, inputs, text, id);
        if (KeepFields(result))
            FieldOptions.RequireFields(result, records, keepFields);
    }

    public ScoringOptions Run(ParseResult result, CommandHost host, GauModel model) => new()
    {
        Threads = threads.Count(result, host),
        BatchTokens = result.GetValue(batchTokens) ?? ScoringOptions.DefaultBatchTokens,
        GivenMaxLength = MaxLength(result, model),
        MaxRejects = MostRejects(result),
    };

    /// <summary>Whether the user says where texts are cut.</summary>
    public bool CutsTexts(ParseResult result) => result.GetValue(maxLength) is not null;

    /// <summary>Where the user wants texts to be cut, never beyond the model's positions; null: anywhere.</summary>
    public int? MaxLength(ParseResult result, GauModel model) =>
        PositionLimit.Checked(result.GetValue(maxLength), model);
}
