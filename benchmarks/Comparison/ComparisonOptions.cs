using System.CommandLine;

namespace GauRuntime.Benchmarks.Comparison;

/// <summary>What is compared on what.</summary>
/// <param name="Folder">Where all runs lie.</param>
/// <param name="Corpus">Texts to pretrain on: JSON Lines with the field <c>content</c>.</param>
/// <param name="Train">Labelled texts: JSON Lines with <c>text</c> and <c>label</c>.</param>
/// <param name="Dev">As <paramref name="Train"/>: the best epoch is chosen on it.</param>
/// <param name="Test">As <paramref name="Train"/>: what the figures are of.</param>
/// <param name="TrainRows">Rows of a task that are trained on, the first ones.</param>
/// <param name="DevRows">Rows of a task that the best epoch is chosen on, the first ones.</param>
/// <param name="Updates">Of every pretraining.</param>
/// <param name="EvaluateEvery">Updates between two points of its curve.</param>
/// <param name="BatchTokens">Tokens of a micro-batch.</param>
/// <param name="Accumulate">Micro-batches of an update.</param>
/// <param name="Rate">η of LAMB.</param>
/// <param name="MaxLength">Tokens of a text.</param>
/// <param name="Epochs">Of every fine-tuning.</param>
/// <param name="Batch">Records of an update of it.</param>
/// <param name="TaskRate">η of AdaFactor.</param>
/// <param name="Seeds">Runs of every model; the seeds are 1, 2, ….</param>
/// <param name="AtOnce">Runs at a time, which share the cores; the same from the first start to the last.</param>
internal sealed record ComparisonOptions(
    string Folder, string Corpus, string Train, string Dev, string Test, int TrainRows, int DevRows, int Updates,
    int EvaluateEvery, int BatchTokens, int Accumulate, double Rate, int MaxLength, int Epochs, int Batch,
    double TaskRate, int Seeds, int AtOnce)
{
    /// <summary>Threads of a run.</summary>
    public int Threads => Math.Max(1, Environment.ProcessorCount / AtOnce);

    /// <summary>The command line that asks for them.</summary>
    /// <param name="run">What is done with them.</param>
    public static RootCommand Command(Action<ComparisonOptions> run)
    {
        Argument<string> folder = new("DIR") { Description = "Where all runs lie; what is done there is skipped." };
        Option<string> Input(string name, string description) =>
            new(name) { Description = description, HelpName = "FILE", Required = true };
        Option<int> Count(string name, string description, int usual)
        {
            Option<int> option = new(name)
            {
                Description = description, HelpName = "N", DefaultValueFactory = _ => usual,
            };
            option.Validators.Add(result =>
            {
                if (result.Tokens is [.., { Value: var given }] && int.TryParse(given, out int number) && number < 1)
                    result.AddError($"{name}: at least 1");
            });
            return option;
        }
        Option<string> corpus = Input("--corpus", "JSON Lines with `content`, to pretrain on."),
            train = Input("--train", "JSON Lines with `text` and `label`, to fine-tune on."),
            dev = Input("--dev", "As --train; the best epoch is chosen on it."),
            test = Input("--test", "As --train; never trained or selected on.");
        Option<int> trainRows = Count("--train-rows", "Rows of a task to train on, the first ones.", 1000),
            devRows = Count("--dev-rows", "Rows of a task to choose the best epoch on, the first ones.", 500),
            updates = Count("--updates", "Updates of a pretraining.", 2000),
            points = Count("--eval-every", "Updates between two points of its curve.", 100),
            tokens = Count("--batch-tokens", "Tokens of a micro-batch.", 2048),
            accumulate = Count("--accumulate", "Micro-batches of an update.", 1),
            length = Count("--max-length", "Tokens of a text.", 128),
            epochs = Count("--epochs", "Epochs of a fine-tuning.", 3),
            batch = Count("--batch", "Records of an update of a fine-tuning.", 8),
            seeds = Count("--seeds", "Runs of every model.", 2),
            atOnce = Count("--at-once", "Runs at a time, which share the cores.", 1);
        Option<double> Rate(string name, string description, double usual) =>
            new(name) { Description = description, HelpName = "X", DefaultValueFactory = _ => usual };
        Option<double> rate = Rate("--rate", "η of LAMB.", 1.76e-3),
            taskRate = Rate("--task-rate", "η of AdaFactor in a fine-tuning.", 5e-4);
        RootCommand command = new("Pretrains and fine-tunes the family in small, side by side.")
        {
            folder, corpus, train, dev, test, trainRows, devRows, updates, points, tokens, accumulate, rate, length,
            epochs, batch, taskRate, seeds, atOnce,
        };
        command.SetAction(parsed => run(new ComparisonOptions(
            Path.GetFullPath(parsed.GetValue(folder)!), Path.GetFullPath(parsed.GetValue(corpus)!),
            Path.GetFullPath(parsed.GetValue(train)!), Path.GetFullPath(parsed.GetValue(dev)!),
            Path.GetFullPath(parsed.GetValue(test)!), parsed.GetValue(trainRows), parsed.GetValue(devRows),
            parsed.GetValue(updates), parsed.GetValue(points), parsed.GetValue(tokens), parsed.GetValue(accumulate),
            parsed.GetValue(rate), parsed.GetValue(length), parsed.GetValue(epochs), parsed.GetValue(batch),
            parsed.GetValue(taskRate), parsed.GetValue(seeds), parsed.GetValue(atOnce))));
        return command;
    }
}
