using GauRuntime.Tools;
using GauRuntime.Train.Models;
using GauRuntime.Train.Optimizers;

namespace GauRuntime.Train.Pretraining;

/// <summary>The updates of a run, with what happens between them.</summary>
/// <remarks>
/// A state is saved when the gradients of the update behind it are there and nothing is changed yet: a pass has gone
/// through the weights that are kept, and their loss was a good one.
/// </remarks>
internal sealed class TrainingLoop
{
    /// <summary>Parts of a run, each of which ends with a point of the curve and a saved state unless told otherwise.
    /// </summary>
    public const int UsualParts = 25;

    private const int Never = -1;

    private readonly List<MicroBatch> micro = [];

    public required PretrainPlan Plan { get; init; }
    public required TrainableModel Model { get; init; }
    public required Optimizer Optimizer { get; init; }
    public required BatchStream Stream { get; init; }

    /// <summary>Samples that are held out, in batches, always masked the same way; none where nothing is.</summary>
    public required IReadOnlyList<IReadOnlyList<Data.MaskedSample>> HeldOut { get; init; }

    public required WorkFolder Folder { get; init; }
    public required PretrainMessages Messages { get; init; }
    public required TimeProvider Clock { get; init; }

    /// <summary>Updates between two saved states; null: a 25th of the run.</summary>
    public long? SaveEvery { get; init; }

    /// <summary>The exit code of whoever asked to end early, or null.</summary>
    public Func<int?> Stop { get; init; } = () => null;

    /// <summary>The curve.</summary>
    public required List<CurvePoint> Curve { get; init; }

    private UpdateStep Step => new(Model, Optimizer, new(Plan.HiddenDropout, Plan.AttentionDropout), Plan.Seed);

    /// <summary>Makes the updates that are left.</summary>
    /// <param name="progress">Where the run is.</param>
    /// <param name="isSaved">Whether that is on the disk.</param>
    /// <exception cref="ToolException">The loss exploded, or somebody asked to end.</exception>
    /// <exception cref="IOException">The corpus cannot be read, or the state not be written.</exception>
    public TrainingProgress Run(TrainingProgress progress, bool isSaved)
    {
        UpdateStep step = Step;
        Schedule schedule = Schedules.Of(Plan.Schedule);
        long saveEvery = SaveEvery ?? Every(Plan.Updates), saved = isSaved ? progress.Updates : Never;
        TrainingMeter meter = new(Clock, Plan.Updates, progress.Updates);
        Messages.During(meter, () =>
        {
            while (progress.Updates < Plan.Updates)
            {
                long start = Clock.GetTimestamp();
                UpdateResult update = Gradients(step, progress.Updates);
                progress.Losses.Require(progress.Updates + 1, update.Loss, Plan.Model.VocabSize);
                double seconds = Clock.GetElapsedTime(start).TotalSeconds;
                int? stop = Stop();
                bool isDue = stop is not null || saved == Never || progress.Updates % saveEvery == 0;
                if (isDue && saved != progress.Updates)
                {
                    Save(progress);
                    saved = progress.Updates;
                }
                if (stop is { } code)
                    throw new ToolException(
                        code, $"ended after update {progress.Updates} of {Plan.Updates}; --resume goes on");
                start = Clock.GetTimestamp();
                double rate = Plan.Rate * schedule.FactorAt(progress.Updates, Plan.Updates);
                step.Apply(rate);
                progress = progress.After(
                    update, micro[^1].Next, seconds + Clock.GetElapsedTime(start).TotalSeconds);
                meter.Add(update);
                Messages.Progress(meter);
                if (progress.Updates % (Plan.EvaluateEvery ?? Every(Plan.Updates)) == 0
                    || progress.Updates == Plan.Updates)
                    progress = AddPoint(progress, rate);
            }
        });
        if (saved != progress.Updates)
            Save(progress);
        return progress;
    }

    /// <summary>A 25th of a run, at least one update.</summary>
    public static long Every(long updates) => Math.Max(1, updates / UsualParts);

    private UpdateResult Gradients(UpdateStep step, long update)
    {
        micro.Clear();
        List<MaskedBatch> batches = [];
        try
        {
            for (int i = 0; i < Plan.Accumulate; i++)
            {
                micro.Add(Stream.Next());
                batches.Add(new MaskedBatch(micro[^1].Samples, Model.Device));
            }
            return step.Gradients(update, batches);
        }
        finally
        {
            batches.ForEach(batch => batch.Dispose());
        }
    }

    private TrainingProgress AddPoint(TrainingProgress progress, double rate)
    {
        long start = Clock.GetTimestamp();
        (double Loss, double Accuracy)? heldOut =
            HeldOut.Count > 0 ? HeldOutEvaluation.Of(Model, HeldOut) : null;
        if (heldOut is { } found && !double.IsFinite(found.Loss))
            throw LossHistory.Exploded(progress.Updates, "the loss on the held-out texts is no number");
        double seconds = Clock.GetElapsedTime(start).TotalSeconds;
        Curve.Add(new CurvePoint(
            progress.Updates, progress.Next.Epoch + 1, progress.Tokens, rate, progress.LossSum / progress.Since,
            progress.AccuracySum / progress.Since, heldOut?.Loss, heldOut?.Accuracy, progress.Seconds + seconds));
        Messages.Evaluated(Curve[^1], Plan.Updates);
        WorkFolder.Write(Folder.Curve, TrainingCurve.ToCsv(Curve));
        WorkFolder.Write(Folder.Page, CurvePage.Of(Path.GetFileName(Folder.Output), Curve, PlanJson.Facts(Plan)));
        return progress.AtPoint(seconds);
    }

    private void Save(TrainingProgress progress)
    {
        StateFile.Write(Folder.State, Plan, progress, Curve, Model, Optimizer);
        Messages.Event("saved", null, writer =>
        {
            writer.WriteNumber("update"u8, progress.Updates);
            writer.WriteString("file"u8, Folder.State);
        });
    }
}
