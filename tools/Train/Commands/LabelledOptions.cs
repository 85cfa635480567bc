using System.CommandLine;
using GauRuntime.Evaluation.Clue;
using GauRuntime.Scoring.Records;
using GauRuntime.Threads;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;
using GauRuntime.Train.Finetuning;
using GauRuntime.Train.Output;
using GauRuntime.Weights;
using GauRuntime.Weights.Files;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Commands;

/// <summary>Arguments and options of the commands that learn from labelled records.</summary>
internal sealed class LabelledOptions
{
    private readonly Argument<string> model = new("MODEL")
    {
        Description = "A model file, or a checkpoint that gau-convert reads without an option.",
    };

    private readonly Argument<string[]> data = new("DATA")
    {
        Description = "Labelled records: files, folders and patterns; JSON Lines, CSV, TSV, Parquet and Arrow.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> output = new("--output", "-o")
    {
        Description = "The folder of the checkpoint, which gau-convert makes a model file of.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<string?> labels = OptionKinds.Text("--labels", "Field of the label.", "FIELD");
    private readonly Option<string?> dev = OptionKinds.Text(
        "--dev", "Records to judge by, of the same layout [default: a share of DATA]", "FILE");
    private readonly Option<double?> devShare = OptionKinds.Amount(
        "--dev-share", "Share of DATA to judge by, chosen at random [default: 0.1]");
    private readonly Option<string> format = OptionKinds.Word(
        "--format", "Format of the records; auto goes by the extension.", "auto",
        FormatWords.WithFields);
    private readonly Option<string?> text = OptionKinds.Text(
        "--text", "Field of the text [default: text; question answering: question]", "NAME");
    private readonly Option<string?> pair = OptionKinds.Text(
        "--pair", "Field of the second text of a pair [default: none; pairs: pair; question answering: context]",
        "NAME");
    private readonly Option<string?> choices = OptionKinds.Text(
        "--choices", "Field of the choices of multiple choice [default: choices]", "NAME");
    private readonly EncodingOption encoding = new();
    private readonly TableOptions tables = new();
    private readonly Option<string> problem = OptionKinds.Word(
        "--problem", "What labels of texts are: one of several, any number of several, or values; default: one, where "
        + "they are arrays any number.", null, TrainingTask.Problems);
    private readonly Option<string> segments = OptionKinds.Word(
        "--segments", "Segment ids of pairs; default: as the model says.", null, "zeros", "pairs");
    private readonly Option<int?> maxLength = OptionKinds.Number(
        "--max-length", "Cut longer texts to so many tokens; the new model does too [default: as the model says]", 8,
        GauBatch.MaxLength);
    private readonly Option<int?> seed = OptionKinds.Number(
        "--seed", "What all random numbers come from [default: 0]", 0);
    private readonly Option<int?> threads = OptionKinds.Number(
        "--threads", "Threads [default: the processors this process may use, which is also the most]", 1, 1024);
    private readonly Option<string?> licence = OptionKinds.Text(
        "--licence", "The licence of the new model, for its card.", "TEXT");
    private readonly Option<bool> force = OptionKinds.Switch("--force", "Replace a checkpoint that is there.");

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="hasChoices">Whether records may have choices, and whether other options name the labels.</param>
    public LabelledOptions(Command command, bool hasChoices)
    {
        command.Add(model);
        command.Add(data);
        Option[] all =
        [
            labels, output, dev, devShare, problem, format, text, pair, .. hasChoices ? [choices] : (Option[])[],
            encoding.Option, .. tables.All, segments, maxLength, seed, threads, licence, force,
        ];
        Array.ForEach(all, command.Add);
    }

    public string Model(ParseResult result) => result.GetValue(model)!;

    public string Output(ParseResult result) => result.GetValue(output)!;

    public string? Labels(ParseResult result) => result.GetValue(labels);

    public string? Problem(ParseResult result) => result.GetValue(problem);

    public string? Licence(ParseResult result) => result.GetValue(licence);

    public int? MaxLength(ParseResult result) => result.GetValue(maxLength);

    public ulong Seed(ParseResult result) => (ulong)(result.GetValue(seed) ?? 0);

    public bool Force(ParseResult result) => result.GetValue(force);

    /// <summary>Threads that may work.</summary>
    public int Threads(ParseResult result, Action<string> note)
    {
        int limit = ThreadLimit.Of(Environment.GetEnvironmentVariable);
        if (result.GetValue(threads) > limit)
            note($"{threads.Name} {result.GetValue(threads)} is more than this process may use: {limit}");
        return Math.Min(result.GetValue(threads) ?? limit, limit);
    }

    /// <summary>Segment ids of pairs.</summary>
    /// <param name="result">What was given.</param>
    /// <param name="usual">What they are else.</param>
    /// <param name="encoder">The model's.</param>
    /// <exception cref="ToolException">The model has no second segment.</exception>
    public SegmentPolicy Segments(ParseResult result, SegmentPolicy usual, ModelConfig encoder) =>
        result.GetValue(segments) switch
        {
            "zeros" => SegmentPolicy.Zeros,
            "pairs" when encoder.SegmentCount < 2 => throw new ToolException(ExitCode.Usage,
                $"{segments.Name} pairs needs two segment embeddings, and this model has {encoder.SegmentCount}"),
            "pairs" => SegmentPolicy.Pairs,
            _ => usual,
        };

    /// <summary>What to read.</summary>
    /// <param name="result">What was given.</param>
    /// <param name="task">What is trained.</param>
    /// <param name="clue">The task of CLUE whose files they are, or null.</param>
    /// <param name="note">Takes what is worth knowing.</param>
    /// <exception cref="ToolException">Options do not go together.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    public DatasetSource Source(ParseResult result, TrainingTask task, ClueTask? clue, Action<string> note)
    {
        if (result.GetValue(dev) is not null && result.GetValue(devShare) is not null)
            throw new ToolException(ExitCode.Usage, "--dev names records to judge by, --dev-share takes a share of "
                + "the others: leave one of them out");
        double share = result.GetValue(devShare) ?? 0.1;
        if (share is not (> 0 and < 1))
            throw new ToolException(ExitCode.Usage, $"{devShare.Name}: {share} is not between 0 and 1");
        RecordFormat? asked = RecordFormats.Parse(result.GetValue(format)!);
        InputFile[] train = Find(result.GetValue(data)!, asked, note);
        InputFile[] judging = result.GetValue(dev) is { } path ? Find([path], asked, note) : [];
        InputFile[] all = [.. train, .. judging];
        if (clue is null && all.FirstOrDefault(input => input.Format == RecordFormat.Text) is { } lines)
            throw new ToolException(ExitCode.Usage, $"{lines.Name}: lines of text have no labels", lines.Name);
        RequireApart(train, judging);
        encoding.Check(result, clue is null ? all : []);
        tables.Check(result, clue is null ? all : []);
        return new DatasetSource
        {
            Data = train, Dev = judging, DevShare = share, Seed = Seed(result), Clue = clue,
            Answers = clue is { HasAnswers: true } ? ReadAnswers(all) : null,
            Fields = Fields(result, task, clue),
        };
    }

    /// <summary>Refuses an output that is an input, or cannot be made.</summary>
    public void RequireOutput(ParseResult result)
    {
        string folder = Output(result);
        TrainedCheckpoint.Require(folder, Force(result));
        TrainedCheckpoint.RequireOther(folder, Model(result));
    }

    private RecordFields Fields(ParseResult result, TrainingTask task, ClueTask? clue)
    {
        RecordFields usual = task.Fields;
        Option? unused = clue is not null
            ? ((Option[])[labels, format, text, pair, choices, problem]).FirstOrDefault(option => Given(result, option))
            : task.Kind != HeadKind.MultipleChoice && Given(result, choices) ? choices
            : task.Kind != HeadKind.SequenceClassification && Given(result, problem) ? (Option)problem : null;
        if (unused is not null)
            throw new ToolException(ExitCode.Usage, clue is not null
                ? $"{unused.Name}: the files of --clue-task {clue.Name} say that themselves: leave it out"
                : $"{unused.Name}: a {JsonName.Of(task.Kind)} has none: leave it out");
        string label = clue is null ? Labels(result)! : ClueReader.Label;
        RecordFields fields = tables.Apply(result, usual with
        {
            Text = result.GetValue(text) ?? usual.Text, Pair = result.GetValue(pair) ?? usual.Pair,
            Choices = usual.Choices is null ? null : result.GetValue(choices) ?? usual.Choices,
            Encoding = encoding.Value(result), Label = label,
        });
        if (fields.Pair == fields.Text)
            throw new ToolException(
                ExitCode.Usage,
                $"{(Given(result, pair) ? pair : text).Name}: '{fields.Text}' is the field of both texts");
        string?[] used = [fields.Text, fields.Pair, fields.Choices];
        return clue is null && used.Contains(label)
            ? throw new ToolException(ExitCode.Usage, $"{labels.Name}: '{label}' is the field of something else")
            : fields;
    }

    private static bool Given(ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };

    private static InputFile[] Find(string[] paths, RecordFormat? format, Action<string> note) =>
        [.. InputPaths.Expand(paths, note).Select(path => InputFile.Find(path, format))];

    private static Dictionary<string, int> ReadAnswers(InputFile[] files)
    {
        Dictionary<string, int> all = new(StringComparer.Ordinal);
        foreach (InputFile input in files)
        {
            string beside = IdiomBlanks.FileBeside(input.Name);
            using Stream stream = InputFile.Find(beside, RecordFormat.JsonLines).Open();
            foreach ((string blank, int index) in IdiomBlanks.ReadAnswers(beside, stream))
                all[blank] = index;
        }
        return all;
    }

    // What a model has learned would judge it.
    private static void RequireApart(InputFile[] train, InputFile[] judging)
    {
        HashSet<FileIdentity?> learned = [.. train.Select(input => FileIdentity.Of(input.Name))];
        if (Array.Find(judging, input => FileIdentity.Of(input.Name) is { } file && learned.Contains(file)) is { } both)
            throw new ToolException(ExitCode.Usage,
                $"--dev: {Printable.OneLine(both.Name)} is among DATA: what a model has learned does not judge it",
                both.Name);
    }
}
