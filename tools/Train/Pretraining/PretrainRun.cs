using System.Globalization;
using GauRuntime.Tools;
using GauRuntime.Train.Data;
using GauRuntime.Train.Models;
using GauRuntime.Train.Optimizers;
using GauRuntime.Train.Output;

namespace GauRuntime.Train.Pretraining;

/// <summary>A pretraining, from a corpus to a checkpoint.</summary>
/// <param name="options">The command line.</param>
/// <param name="messages">Where to say how it goes.</param>
/// <param name="clock">Measures; of what it tells, only the updates of a budget in hours decide anything.</param>
internal sealed class PretrainRun(PretrainOptions options, PretrainMessages messages, TimeProvider clock)
{
    /// <summary>Trains, or goes on, or finds that there is nothing left to do.</summary>
    /// <returns>The plan, and the last point of the curve.</returns>
    /// <exception cref="Weights.GauFormatException">An input is malformed, or does not fit.</exception>
    /// <exception cref="ToolException">The run cannot be made, is another's, exploded or was ended early.</exception>
    /// <exception cref="IOException">Reading or writing failed.</exception>
    public (PretrainPlan Plan, CurvePoint Last) Run()
    {
        if (options.From is { } from)
            TrainedCheckpoint.RequireOther(options.Output, from);
        using WorkFolder folder = WorkFolder.Open(options.Output, options.Resume, options.Force);
        using PretrainSetup setup = PretrainSetup.Read(options, folder, messages);
        if (folder.IsFinished)
            return Recognize(folder, setup.Plan);
        using StateFile? state = folder.HasState ? StateFile.Open(folder.State) : null;
        PretrainPlan plan = setup.Plan;
        if (state is not null)
        {
            RequireSame(folder, plan, state.Plan);
            plan = PlanJson.Read<PretrainPlan>(folder.State, "plan", state.Plan);
        }
        else
            plan = Begin(folder, plan);
        IReadOnlyList<IReadOnlyList<MaskedSample>> heldOut = setup.HeldOut();
        if (plan.Updates == 0)
        {
            plan = plan with { Updates = new TimeBudget(options, clock).Measure(setup, heldOut, folder, messages) };
            Schedules.Of(plan.Schedule).RequireRate(plan.Updates);
            folder.Begin(PlanJson.Of(plan));
        }
        messages.Event(
            "planned", string.Create(
                CultureInfo.InvariantCulture, $"{plan.Updates} updates, budget {plan.Budget}"),
            json => json.WriteNumber("updates"u8, plan.Updates));
        return Train(plan, setup, heldOut, folder, state);
    }

    // A run that was killed before its first state goes on with its plan, in which hours may have become updates.
    private PretrainPlan Begin(WorkFolder folder, PretrainPlan plan)
    {
        if (options.Resume && folder.HasBegun)
        {
            string begun = File.ReadAllText(folder.Begun);
            RequireSame(folder, plan, begun);
            return PlanJson.Read<PretrainPlan>(folder.Begun, "plan", begun);
        }
        folder.Begin(PlanJson.Of(plan));
        return plan;
    }

    private (PretrainPlan Plan, CurvePoint Last) Train(
        PretrainPlan plan, PretrainSetup setup, IReadOnlyList<IReadOnlyList<MaskedSample>> heldOut, WorkFolder folder,
        StateFile? state)
    {
        using TrainableModel model = setup.CreateModel();
        using Lamb optimizer = new(model.Parameters, plan.Lamb);
        TrainingProgress progress = new();
        List<CurvePoint> curve = [];
        if (state is not null)
        {
            (progress, curve) = (state.Progress, state.Curve);
            state.Restore(model, optimizer);
            messages.Note($"going on after update {progress.Updates} of {plan.Updates}");
            state.Dispose();   // the file is replaced while training
        }
        BatchStream stream = setup.Batches(progress.Next);
        try
        {
            using StopSignal signal = new();
            progress = new TrainingLoop
            {
                Plan = plan, Model = model, Optimizer = optimizer, Stream = stream, HeldOut = heldOut,
                Folder = folder, Messages = messages, Clock = clock, SaveEvery = options.SaveEvery,
                Stop = () => signal.Code, Curve = curve,
            }.Run(progress, state is not null);
        }
        catch (ToolException fault) when (fault.Code == ExitCode.Diverged && folder.HasState)
        {
            long updates = KeepLastGood(plan, setup, model, optimizer, folder);
            throw new ToolException(
                fault.Code, string.Create(
                    CultureInfo.InvariantCulture,
                    $"{fault.Message} (the weights of update {updates}, the last good ones, are in "
                    + $"{folder.LastGood})"));
        }
        Publish(plan, setup, model, folder, curve[^1]);
        return (plan, curve[^1]);
    }

    // The state is of no use to a run of another rate; a checkpoint of its weights is, by --from.
    private long KeepLastGood(
        PretrainPlan plan, PretrainSetup setup, TrainableModel model, Lamb optimizer, WorkFolder folder)
    {
        using StateFile good = StateFile.Open(folder.State);
        good.Restore(model, optimizer);
        CurvePoint? last = good.Curve is [.., var point] ? point : null;
        TrainedCheckpoint.Write(
            model, folder.LastGood, PretrainCard.Of(options, plan, setup.Data, last), replace: true);
        return good.Progress.Updates;
    }

    private void Publish(
        PretrainPlan plan, PretrainSetup setup, TrainableModel model, WorkFolder folder, CurvePoint last)
    {
        TrainedCheckpoint.Write(
            model, folder.Output, PretrainCard.Of(options, plan, setup.Data, last), options.Force || options.Resume);
        folder.Finish(PlanJson.Of(plan));
    }

    private (PretrainPlan Plan, CurvePoint Last) Recognize(WorkFolder folder, PretrainPlan plan)
    {
        string earlier = File.ReadAllText(folder.Plan);
        RequireSame(folder, plan, earlier);
        messages.Note($"{folder.Output} is complete: nothing is left to do");
        if (options.DataNote is not null || options.Licence is not null)
            messages.Note("--data and --licence change nothing of it: its card stays as it is");
        return (PlanJson.Read<PretrainPlan>(folder.Plan, "plan", earlier),
            TrainingCurve.Parse(folder.Curve, File.ReadAllText(folder.Curve))[^1]);
    }

    private static void RequireSame(WorkFolder folder, PretrainPlan plan, string earlier)
    {
        if (PlanJson.Difference(plan, earlier, folder.State) is { } difference)
            throw new ToolException(
                ExitCode.Mismatch, $"{folder.Output}: what is there belongs to another run ({difference}); "
                    + "--force starts over", folder.Output);
    }
}
