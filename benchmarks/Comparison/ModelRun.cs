using System.Globalization;
using System.Text.Json;

namespace GauRuntime.Benchmarks.Comparison;

/// <summary>A model with a seed: pretrained, fine-tuned, judged and measured.</summary>
internal sealed class ModelRun
{
    private static readonly string Root = Repository();
    private static readonly string
        Train = Path.Combine(Root, "tools", "Train", "run"),
        Convert = Path.Combine(Root, "tools", "Convert", "bin", "Release", "net10.0", "gau-convert"),
        Gau = Path.Combine(Root, "tools", "Gau", "bin", "Release", "net10.0", "gau");

    private const int MeasuredUpdates = 100;

    private readonly ComparisonOptions options;
    private readonly string folder;

    public ModelRun(ComparisonOptions options, ComparedModel model, int seed)
    {
        this.options = options;
        Model = model;
        Seed = seed;
        folder = Path.Combine(options.Folder, $"{model.Name}-{seed}");
        Directory.CreateDirectory(folder);
    }

    /// <summary>Which encoder.</summary>
    public ComparedModel Model { get; }

    /// <summary>What its random numbers come from.</summary>
    public int Seed { get; }

    /// <summary>The held-out curve of the pretraining.</summary>
    public IReadOnlyList<CurveRow> Curve { get; private set; } = [];

    /// <summary>Tokens that a second trains on, all threads.</summary>
    public double TrainingSpeed { get; private set; }

    /// <summary>The most memory of the pretraining.</summary>
    public double TrainingMib { get; private set; }

    /// <summary>What <c>gau bench</c> said of it, in F32 on one thread.</summary>
    public BenchRow? Inference { get; private set; }

    /// <summary>Accuracy on the test part of each task.</summary>
    public Dictionary<string, TaskAccuracy> Accuracies { get; } = [];

    /// <summary>Writes the vocabulary and the words that all models share.</summary>
    public static void WriteLists(ComparisonOptions options)
    {
        foreach (string list in (string[])["vocabulary", "words"])
            Trainer(
                list,
                [list, options.Corpus, "--text", "content", "-o", At(options.Folder, list + ".txt"), "--force"])
                .Run(options.Folder);
    }

    /// <summary>Trains and judges whatever is not done.</summary>
    public void Run(IReadOnlyList<TaskData> tasks)
    {
        string pretrained = At("pretrained");
        TrainingMib = Trainer(
            "pretrain",
            [
                .. Pretraining(options.Updates, pretrained, options.Threads), "--eval-every",
                Text(options.EvaluateEvery), "--resume",
            ])
            .Run(folder).PeakMib;
        Curve = CurveRow.Read(pretrained + ".training/curve.csv");
        foreach (TaskData task in tasks)
            Tune(task, pretrained);
    }

    /// <summary>
    /// Measures what another program beside it would change: to be run when all that is trained is trained.
    /// </summary>
    public void Measure()
    {
        string trained = Trainer(
            "speed",
            [
                .. Pretraining(MeasuredUpdates, At("speed"), Environment.ProcessorCount),
                // Next to nothing but updates: one evaluation at the end, on one document.
                "--eval-every", Text(MeasuredUpdates), "--held-out", "0.0004", "--force", "--json",
            ])
            .OutputAfter(folder);
        using (JsonDocument json = JsonDocument.Parse(File.ReadAllText(trained)))
            TrainingSpeed = json.RootElement.GetProperty("tokens").GetDouble()
                / json.RootElement.GetProperty("seconds").GetDouble();
        string bench = new Step("bench", Gau,
            [
                "bench", "--model", Converted("pretrained"), "--lengths", Text(options.MaxLength), "--threads", "1",
                "--json",
            ])
            .OutputAfter(folder);
        Inference = JsonSerializer.Deserialize<BenchRow>(File.ReadAllText(bench), BenchRow.Names);
    }

    private string[] Pretraining(int updates, string output, int threads) =>
    [
        "pretrain", options.Corpus, "--text", "content", .. Model.Options, "--vocab",
        At(options.Folder, "vocabulary.txt"), "--segmenter", "unigram", "--words", At(options.Folder, "words.txt"),
        "--max-length", Text(options.MaxLength), "--updates", Text(updates), "--batch-tokens",
        Text(options.BatchTokens), "--accumulate", Text(options.Accumulate), "--rate",
        Text(options.Rate), "--dropout", "0", "--seed", Text(Seed), "--threads",
        Text(threads), "-o", output,
    ];

    private void Tune(TaskData task, string pretrained)
    {
        Trainer("finetune-" + task.Name,
        [
            "finetune", pretrained, task.Train, "--task", task.Options.Count > 0 ? "pair" : "sequence", .. task.Options,
            "--labels", "label", "--dev", task.Dev, "--max-length", Text(options.MaxLength), "--epochs",
            Text(options.Epochs), "--batch", Text(options.Batch), "--rate", Text(options.TaskRate), "--dropout", "0",
            "--seed", Text(Seed), "--threads", Text(options.Threads), "--force", "-o", At(task.Name),
        ]).Run(folder);
        string report = new Step("eval-" + task.Name, Gau,
        [
            "eval", task.Test, .. task.Options, "--labels", "label", "--max-length", Text(options.MaxLength),
            "--model", Converted(task.Name), "--json", "--no-progress",
        ]).OutputAfter(folder);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(report));
        Accuracies[task.Name] = new TaskAccuracy(
            json.RootElement.GetProperty("accuracy").GetDouble(), json.RootElement.GetProperty("compared").GetInt64());
    }

    private string Converted(string checkpoint)
    {
        string file = At(checkpoint + ".f32.safetensors");
        new Step("convert-" + checkpoint, Convert, [At(checkpoint), "-o", file, "--type", "f32", "--force"])
            .Run(folder);
        return file;
    }

    private string At(string name) => At(folder, name);

    private static string At(string folder, string name) => Path.Combine(folder, name);

    // Built before, once.
    private static Step Trainer(string name, string[] arguments) =>
        new(name, Train, ["--no-build", .. arguments]);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "GauRuntime.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("this program was not built inside of its repository");
    }
}

/// <summary>A share of right answers.</summary>
/// <param name="Share">From 0 to 1.</param>
/// <param name="Count">Rows.</param>
internal sealed record TaskAccuracy(double Share, long Count);
