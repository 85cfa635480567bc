using System.CommandLine;
using System.Globalization;
using GauRuntime.Evaluation.Clue;
using GauRuntime.Scoring.Records;
using GauRuntime.Text;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;
using GauRuntime.Train.Finetuning;
using GauRuntime.Train.Models;
using GauRuntime.Train.Output;
using GauRuntime.Weights.ModelFile;
using TorchSharp;

namespace GauRuntime.Train.Commands;

/// <summary><c>gau-train finetune</c>: a whole model and a new head on labelled records.</summary>
internal sealed class FinetuneCommand
{
    private readonly Option<string> task = OptionKinds.Word(
        "--task", "What records are: texts, texts with entities, choices, questions or pairs of texts.", null,
        TrainingTask.Names);

    private readonly Option<string> clue = OptionKinds.Word(
        "--clue-task", "Read the files of a task of CLUE as they are, and take the authors' recipe for it.", null,
        [.. ClueTask.Names]);

    private readonly Option<string> optimizer = OptionKinds.Word(
        "--optimizer", "How weights are changed: as the authors do, or as others.", "adafactor", "adafactor", "adamw");

    private readonly Option<double?> rate = OptionKinds.Amount(
        "--rate", "Learning rate [default: 5e-4; adamw: 3e-5]");

    private readonly Option<int?> epochs = OptionKinds.Number(
        "--epochs", "Times that every record is seen; the best by dev is kept [default: 3]", 1, 10_000);

    private readonly Option<int?> batch = OptionKinds.Number(
        "--batch", "Records at a time [default: 32]", 1, 4096);

    private readonly Option<int?> accumulate = OptionKinds.Number(
        "--accumulate", "Batches of an update [default: 1]", 1, 4096);

    private readonly Option<double?> dropout = OptionKinds.Amount(
        "--dropout", "Share of hidden states and of attention's weights that is dropped [default: 0.1]");

    private readonly Option<string> device = new("--device")
    {
        Description = "Where it computes: cpu, cuda or cuda:N.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "cpu",
    };

    private readonly LabelledOptions options;

    private FinetuneCommand(Command command)
    {
        command.Add(task);
        command.Add(clue);
        options = new LabelledOptions(command, hasChoices: true);
        Array.ForEach<Option>([optimizer, rate, epochs, batch, accumulate, dropout, device], command.Add);
    }

    /// <summary>The command.</summary>
    public static Command Create(CommandStreams streams)
    {
        Command command = new("finetune", "Fine-tune a model with a new head on labelled records.");
        FinetuneCommand finetune = new(command);
        command.SetAction(result => finetune.Execute(result, streams));
        return command;
    }

    private int Execute(ParseResult result, CommandStreams streams)
    {
        TrainingNotes notes = new(streams, result.GetValue<bool>("--json"));
        (TrainingTask wanted, ClueTask? clueTask) = Task(result);
        ClueRecipe? recipe = clueTask is null ? null : ClueRecipe.Of(clueTask);
        FinetuneSettings settings = Settings(result, recipe);
        DeviceName place = DeviceName.Parse(result.GetValue(device)!);
        options.RequireOutput(result);
        DatasetSource source = options.Source(result, wanted, clueTask, notes.Note);
        Dataset data = Dataset.Read(source, wanted, notes.Note);
        torch.Device opened = place.Open();
        torch.set_num_threads(options.Threads(result, notes.Note));
        using TrainableModel model = Load(result, wanted, data.Labels, recipe, opened, notes);
        int limit = Math.Min(
            model.Description.Head.MaxTokens ?? GauBatch.UsualMaxLength,
            model.Description.Config.MaxTokens ?? GauBatch.MaxLength);
        FinetuneData examples = Examples(model.Description, data, limit, notes);
        long records = Math.Min(settings.Batch, examples.Train.Count);
        TrainingMemory.Require(TrainingMemory.BytesOf(
            model.Description, model.Type, TrainingMemory.OptimizerStates + 1,
            records * examples.Train.Max(example => example.Sequences.Length),
            examples.Train.Max(example => example.Length)), opened);
        FinetuneRun run = new(model, examples, settings)
        {
            Told = report => notes.Epoch(report, settings.Epochs), Progress = notes.Progress,
        };
        run.Run();
        TrainedCheckpoint.Write(
            model.Description, run.Weights, options.Output(result),
            Card(result, source, data, settings, limit, wanted, clueTask, run.Best), options.Force(result));
        notes.Result(
            options.Output(result), run.Best.Dev,
            [("records", $"{examples.Train.Count}"), ("epoch", $"{run.Best.Epoch}")]);
        return ExitCode.Ok;
    }

    private (TrainingTask Task, ClueTask? Clue) Task(ParseResult result)
    {
        if (result.GetValue(clue) is { } name)
        {
            if (result.GetValue(task) is not null)
                throw new ToolException(ExitCode.Usage, "--clue-task says what is trained: leave --task out");
            ClueTask found = ClueTask.Find(name)!;
            return (ClueRecipe.Task(found), found);
        }
        if (result.GetValue(task) is not { } wanted || options.Labels(result) is null)
            throw new ToolException(
                ExitCode.Usage, "finetune needs --task TASK and --labels FIELD, or --clue-task NAME");
        return (TrainingTask.Of(wanted, options.Problem(result)), null);
    }

    private FinetuneSettings Settings(ParseResult result, ClueRecipe? recipe)
    {
        double dropped = result.GetValue(dropout) ?? 0.1;
        if (dropped >= 1)
            throw new ToolException(ExitCode.Usage, $"--dropout: {dropped} is not below 1");
        if (result.GetValue(rate) is 0)
            throw new ToolException(ExitCode.Usage, "--rate: with a rate of 0 nothing is learned");
        FinetuneSettings usual = new();
        return usual with
        {
            IsAdamW = result.GetValue(optimizer) == "adamw",
            Rate = result.GetValue(rate),
            Batch = result.GetValue(batch) ?? recipe?.Batch ?? usual.Batch,
            Accumulate = result.GetValue(accumulate) ?? recipe?.Accumulate ?? usual.Accumulate,
            Epochs = result.GetValue(epochs) ?? recipe?.Epochs ?? usual.Epochs,
            Dropout = dropped,
            Seed = options.Seed(result),
        };
    }

    private TrainableModel Load(
        ParseResult result, TrainingTask wanted, LabelSet labels, ClueRecipe? recipe, torch.Device opened,
        TrainingNotes notes)
    {
        string path = options.Model(result);
        using TrainableModel loaded = TrainableModel.Load(path, opened, torch.ScalarType.Float32);
        ModelDescription model = loaded.Description;
        // The authors have segment 0 everywhere.
        SegmentPolicy segments = options.Segments(
            result, recipe is null ? model.Head.Segments : SegmentPolicy.Zeros, model.Config);
        int? given = options.MaxLength(result) ?? recipe?.MaxLength;
        if (given > model.Config.MaxTokens)
            throw new ToolException(ExitCode.Usage, $"--max-length {given}: the model has learned "
                + $"{model.Config.MaxTokens} positions, and no text has more tokens");
        HeadConfig head = labels.Head(wanted, segments, given ?? model.Head.MaxTokens);
        if (TrainedCheckpoint.Fault(model with { Head = head }) is { } fault)
            throw new ToolException(ExitCode.Usage, $"{path}: {fault}", path);
        if (loaded.IsRounded)
            notes.Note($"{path} is stored in 8 bits: training begins with the error that this made");
        if (loaded.WasEmbedder)
            notes.Note($"{path} says how vectors are made: the new model does not");
        if (model.Head.Kind != HeadKind.MaskedLm)
            notes.Note($"the head of {path}, {JsonName.Of(model.Head.Kind)}, gives way to a new one");
        return loaded.WithHead(head, options.Seed(result));
    }

    private static FinetuneData Examples(ModelDescription model, Dataset data, int limit, TrainingNotes notes)
    {
        GauTokenizer tokenizer = new(model.Vocabulary, model.Tokenizer);
        ExampleReader reader = new(tokenizer, model.Head, limit);
        Example[] train = [.. data.Train.Select(record => reader.Read(record)).OfType<Example>()];
        if (train.Length < data.Train.Count)
            notes.Note($"{data.Train.Count - train.Length} records are left out: their answer is not in the context, "
                + "or was cut off");
        if (train.Length == 0)
            throw new ToolException(ExitCode.MalformedInput, "no record has its answer in the context");
        ValueScale values = ValueScale.None;
        if (model.Head is { Kind: HeadKind.SequenceClassification, ProblemType: ProblemType.Regression })
        {
            values = ValueScale.Of([.. train.Select(example => example.Values[0])]);
            train = Array.ConvertAll(train, example => example with { Values = [values.Scaled(example.Values[0])] });
        }
        return new FinetuneData(train, data.Dev, [.. data.Dev.Select(record => reader.Unlabelled(record))], values);
    }

    private ModelCard Card(
        ParseResult result, DatasetSource source, Dataset data, FinetuneSettings settings, int limit,
        TrainingTask wanted, ClueTask? clueTask, EpochReport best) => new()
    {
        Title = $"A model fine-tuned for {clueTask?.Name ?? JsonName.Of(wanted.Kind)}",
        Origin = Path.GetFileName(Path.TrimEndingDirectorySeparator(options.Model(result))),
        Licence = options.Licence(result),
        Data =
        [
            ("learned from", $"{data.Train.Count} records of {DatasetSource.Shown(source.Data)}"),
            ("judged by", $"{data.Dev.Count} records of "
                + DatasetSource.Shown(source.Dev.Count > 0 ? source.Dev : source.Data)),
        ],
        Recipe =
        [
            .. settings.Shown,
            ("longest text", string.Create(CultureInfo.InvariantCulture, $"{limit} tokens")),
        ],
        Dropout = new DropoutRates(settings.Dropout, settings.Dropout),
        Metrics =
        [
            ("epoch", $"{best.Epoch}, the best of {settings.Epochs} by these very records"),
            .. DevScore.Shown(best.Dev),
        ],
        Seed = settings.Seed,
        Versions = [ModelCard.Program, ("libtorch", torch.__version__)],
    };
}
