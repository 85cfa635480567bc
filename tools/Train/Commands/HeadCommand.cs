using System.CommandLine;
using System.Globalization;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;
using GauRuntime.Train.Finetuning;
using GauRuntime.Train.Heads;
using GauRuntime.Train.Models;
using GauRuntime.Train.Output;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Commands;

/// <summary><c>gau-train head</c>: a head alone, on features that the runtime computes; needs no libtorch.</summary>
internal sealed class HeadCommand
{
    private readonly Option<int?> hidden = OptionKinds.Number(
        "--hidden", "Width of a hidden layer with tanh [default: none, a linear head]", 1, 65_536);

    private readonly Option<string> pooling = OptionKinds.Word(
        "--pooling", "What of a text's hidden states the head reads.", "mean", "mean", "first", "last", "max");

    private readonly LabelledOptions options;

    private HeadCommand(Command command)
    {
        options = new LabelledOptions(command, hasChoices: false);
        command.Add(hidden);
        command.Add(pooling);
    }

    /// <summary>The command.</summary>
    public static Command Create(CommandStreams streams)
    {
        Command command = new(
            "head", "Train a text classifier's head on features of a model that stays as it is: a minute on a laptop.");
        HeadCommand head = new(command);
        command.SetAction(result => head.Execute(result, streams));
        return command;
    }

    private int Execute(ParseResult result, CommandStreams streams)
    {
        TrainingNotes notes = new(streams, result.GetValue<bool>("--json"));
        if (options.Labels(result) is null)
            throw new ToolException(ExitCode.Usage, "head needs --labels FIELD");
        TrainingTask task = TrainingTask.Of("sequence", options.Problem(result));
        options.RequireOutput(result);
        DatasetSource source = options.Source(result, task, clue: null, notes.Note);
        Dataset data = Dataset.Read(source, task, notes.Note);
        int threads = options.Threads(result, notes.Note);
        using FeatureModel model = FeatureModel.Open(options.Model(result), threads);
        HeadConfig head = Head(result, model.Description, data.Labels);
        ModelDescription description = HeadExport.Describe(model.Description, head);
        if (TrainedCheckpoint.Fault(description) is { } fault)
            throw new ToolException(ExitCode.Usage, $"{options.Model(result)}: {fault}", options.Model(result));
        if (model.IsRounded)
            notes.Note($"{options.Model(result)} is stored in 8 bits: the new checkpoint has its weights as they are "
                + "stored, with the error that this made");
        if (model.Description.Embedding is not null)
            notes.Note($"{options.Model(result)} says how vectors are made: the new model does not");
        int limit = model.Limit(options.MaxLength(result));
        HeadShape shape = new(
            model.Description.Config.HiddenSize, result.GetValue(hidden) ?? 0, head.OutputCount, head.ProblemType);
        RequireFit(shape, data.Train.Count + data.Dev.Count);
        (Features train, Features dev) = Compute(model, data, head.Pooling, limit, notes);
        FittedHead best = new HeadFit(head, shape, options.Seed(result)).Run(
            train, data.Train, dev, data.Dev, fitted => notes.Note(string.Create(CultureInfo.InvariantCulture,
                $"weight decay {fitted.Decay}: dev {fitted.Score.Name.Replace('_', ' ')} "
                + $"{DevScore.Shown(fitted.Dev.Measures[0])}")));
        HeadExport.Write(
            model, description, best.Head, options.Output(result), Card(result, source, data, best),
            options.Force(result));
        notes.Result(
            options.Output(result), best.Dev,
            [("records", $"{data.Train.Count}"), ("weight decay", best.Decay.ToString(CultureInfo.InvariantCulture))]);
        return ExitCode.Ok;
    }

    private HeadConfig Head(ParseResult result, ModelDescription model, LabelSet labels)
    {
        SegmentPolicy segments = options.Segments(result, model.Head.Segments, model.Config);
        HeadConfig linear = labels.Head(
            TrainingTask.Of("sequence", null), segments, options.MaxLength(result) ?? model.Head.MaxTokens) with
        {
            Pooling = Enum.Parse<Pooling>(result.GetValue(pooling)!, ignoreCase: true),
        };
        return result.GetValue(hidden) is not { } width ? linear : linear with
        {
            HasDense = true, DenseSize = width == model.Config.HiddenSize ? null : width,
            DenseActivation = Activation.Tanh,
        };
    }

    private static void RequireFit(HeadShape shape, long records)
    {
        if (records * shape.Inputs > Array.MaxLength)
            throw new ToolException(
                ExitCode.Unsupported, $"{records} records: a head of this width learns from "
                + $"{Array.MaxLength / shape.Inputs} at most, since all their features are in memory: take fewer");
        if (shape.Parameters > Array.MaxLength)
            throw new ToolException(
                ExitCode.Unsupported, $"a head of {shape.Parameters} numbers is too large: take a smaller --hidden");
        TrainingMemory.Require(HeadFit.BytesOf(shape, records), "take fewer records or a smaller --hidden");
    }

    // Those of both at once, so that all threads have work to the end.
    private static (Features Train, Features Dev) Compute(
        FeatureModel model, Dataset data, Pooling pooling, int limit, TrainingNotes notes)
    {
        IReadOnlyList<TextRecord> records = [.. data.Train, .. data.Dev];
        notes.Note($"computing the features of {records.Count} records");
        Features all = Features.Of(
            model.Model, records, pooling, limit, new FeatureProgress(notes));
        int split = data.Train.Count * all.Width;
        return (new Features(all.Width, all.Values[..split]), new Features(all.Width, all.Values[split..]));
    }

    private ModelCard Card(ParseResult result, DatasetSource source, Dataset data, FittedHead best) => new()
    {
        Title = "A text classifier: a head on a model that stays as it is",
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
            ("head", best.Head.Shape.Hidden > 0 ? $"one hidden layer of {best.Head.Shape.Hidden}, tanh" : "linear"),
            ("reads", $"{result.GetValue(pooling)} of the hidden states, by 8-bit kernels"),
            ("optimizer", "L-BFGS, all records at once"),
            ("weight decay", string.Create(CultureInfo.InvariantCulture, $"{best.Decay}, the best of several by dev")),
        ],
        Metrics = [.. DevScore.Shown(best.Dev)],
        Seed = options.Seed(result),
        Versions = [ModelCard.Program],
    };

    /// <summary>Tells how many features there are.</summary>
    private sealed class FeatureProgress(TrainingNotes notes) : IProgress<BatchProgress>
    {
        public void Report(BatchProgress value) => notes.Features(value.Done, value.Total);
    }
}
