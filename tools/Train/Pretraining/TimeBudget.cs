using System.Globalization;
using GauRuntime.Train.Data;
using GauRuntime.Train.Models;
using GauRuntime.Train.Optimizers;
using GauRuntime.Weights.Files;
using TorchSharp;

namespace GauRuntime.Train.Pretraining;

/// <summary>Turns hours into a number of updates, once: the first ones are made, timed and thrown away.</summary>
/// <remarks>The run then is that of a budget in updates; nothing in it looks at a clock.</remarks>
internal sealed class TimeBudget(PretrainOptions options, TimeProvider clock)
{
    /// <summary>Makes <see cref="Budget.Measured"/> updates, one evaluation and one saved state.</summary>
    /// <returns>The updates that the hours hold.</returns>
    public long Measure(
        PretrainSetup setup, IReadOnlyList<IReadOnlyList<MaskedSample>> heldOut, WorkFolder folder,
        PretrainMessages messages)
    {
        long start = clock.GetTimestamp();
        PretrainPlan plan = setup.Plan with { Updates = Budget.Measured };
        using TrainableModel model = setup.CreateModel();
        using Lamb optimizer = new(model.Parameters, plan.Lamb);
        BatchStream stream = setup.Batches(default);
        UpdateStep step = new(model, optimizer, new(plan.HiddenDropout, plan.AttentionDropout), plan.Seed);
        double update = Seconds(() => Train(plan, step, stream, model.Device)) / Budget.Measured;
        double evaluation = heldOut.Count == 0 ? 0 : Seconds(() => HeldOutEvaluation.Of(model, heldOut));
        string trial = TemporaryName.Of(folder.State);
        double saving = Seconds(() => StateFile.Write(trial, plan, new TrainingProgress(), [], model, optimizer));
        File.Delete(trial);

        // What is done in every 25th part of a run takes the same whatever the number of updates.
        double parts = TrainingLoop.UsualParts * ((options.EvaluateEvery is null ? evaluation : 0)
            + (options.SaveEvery is null ? saving : 0));
        double each = (options.EvaluateEvery is { } evaluateEvery ? evaluation / evaluateEvery : 0)
            + (options.SaveEvery is { } saveEvery ? saving / saveEvery : 0);
        double hours = options.Budget.Amount;
        long updates = Budget.UpdatesOfHours(
            hours, clock.GetElapsedTime(start).TotalSeconds + parts, update + each);
        messages.Event(
            "measured", string.Create(
                CultureInfo.InvariantCulture,
                $"an update takes {update:G3} s, an evaluation {evaluation:G3} s, saving {saving:G3} s: "
                + $"{hours} hours are {updates} updates"),
            json =>
            {
                json.WriteNumber("seconds_per_update"u8, update);
                json.WriteNumber("seconds_per_evaluation"u8, evaluation);
                json.WriteNumber("seconds_per_save"u8, saving);
                json.WriteNumber("updates"u8, updates);
            });
        return updates;
    }

    private static void Train(PretrainPlan plan, UpdateStep step, BatchStream stream, torch.Device device)
    {
        for (int i = 0; i < Budget.Measured; i++)
        {
            List<MaskedBatch> batches = [];
            for (int j = 0; j < plan.Accumulate; j++)
                batches.Add(new MaskedBatch(stream.Next().Samples, device));
            step.Gradients(i, batches);
            step.Apply(plan.Rate);
            batches.ForEach(batch => batch.Dispose());
        }
    }

    private double Seconds(Action work)
    {
        long start = clock.GetTimestamp();
        work();
        return clock.GetElapsedTime(start).TotalSeconds;
    }
}
