using System.Globalization;
using System.Text.Json;

namespace GauRuntime.Benchmarks.Comparison;

/// <summary>A model with a seed: pretrained, measured, fine-tuned and judged.</summary>
internal sealed class ModelRun
{
    private static readonly string Root = Repository();
    private static readonly string
        Train = Path.Combine(Root, "tools", "Train", "run"),
        Convert = Path.Combine(Root, "tools", "Convert", "bin", "Release", "net10.0", "gau-convert"),
        Gau = Path.Combine(Root, "tools", "Gau", "bin", "Release", "net10.0", "gau");

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

    /// <summary>Tokens per second of the pretraining, the time of evaluations included.</summary>
    public double TrainingSpeed => Curve.Count == 0 ? 0 : Curve[^1].Tokens / Curve[^1].Seconds;

    /// <summary>What <c>gau bench</c> said of it, in F32 on one thread.</summary>
    public BenchRow? Inference { get; private set; }

    /// <summary>Accuracy on the test part of each task.</summary>
    public Dictionary<string, TaskAccuracy> Accuracies { get; } = [];

    /// <summary>Writes the vocabulary that all models share.</summary>
    public static void WriteVocabulary(ComparisonOptions options) => new Step(
        "vocabulary", Train, ["vocabulary", options.Corpus, "--text", "content", "-o", Vocabulary(options), "--force"])
        .Run(options.Folder);

    /// <summary>Does whatever is not done.</summary>
    public void Run(IReadOnlyList<TaskData> tasks)
    {
        string seed = Text(Seed), pretrained = At("pretrained");
        new Step("pretrain", Train,
        [
            "pretrain", options.Corpus, "--text", "content", .. Model.Options, "--vocab", Vocabulary(options),
            "--segmenter", "unigram", "--max-length", Text(options.MaxLength), "--updates", Text(options.Updates),
            "--batch-tokens", Text(options.BatchTokens), "--accumulate", Text(options.Accumulate),
            "--rate", options.Rate.ToString(CultureInfo.InvariantCulture), "--dropout", "0", "--seed", seed,
            "--resume", "-o", pretrained,
        ]).Run(folder);
        Curve = CurveRow.Read(pretrained + ".training/curve.csv");
        string encoder = Converted("pretrained");
        string bench = new Step("bench", Gau,
            ["bench", "--model", encoder, "--lengths", Text(options.MaxLength), "--threads", "1", "--json"])
            .OutputAfter(folder);
        Inference = JsonSerializer.Deserialize<BenchRow>(File.ReadAllText(bench), BenchRow.Names);
        foreach (TaskData task in tasks)
            Tune(task, pretrained, seed);
    }

    private void Tune(TaskData task, string pretrained, string seed)
    {
        new Step("finetune-" + task.Name, Train,
        [
            "finetune", pretrained, task.Train, "--task", task.Options.Count > 0 ? "pair" : "sequence", .. task.Options,
            "--labels", "label", "--dev", task.Dev, "--max-length", Text(options.MaxLength), "--epochs",
            Text(options.Epochs), "--dropout", "0", "--seed", seed, "--force", "-o", At(task.Name),
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

    private string At(string name) => Path.Combine(folder, name);

    private static string Vocabulary(ComparisonOptions options) => Path.Combine(options.Folder, "vocab.txt");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

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
