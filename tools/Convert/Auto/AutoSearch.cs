using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Auto;

/// <summary>
/// Finds the fastest way to store a model whose drift is within a target: from the fastest way on, always the change
/// that lowers the noise most for the time it costs.
/// </summary>
/// <remarks>
/// The noise of a unit is the square of the drift that it alone causes; noises of different units add up, as those of
/// independent errors do. That orders the changes. How many of them are made is measured, on all texts.
/// </remarks>
/// <param name="models">The model in int8 blocks of 128, of 64, of 32, and exact.</param>
/// <param name="meter">Measures drift.</param>
/// <param name="target">The drift that must not be exceeded.</param>
/// <param name="say">Told what is being done.</param>
internal sealed class AutoSearch(
    IReadOnlyList<GauModel> models, DriftMeter meter, AutoTarget target, Action<string> say)
{
    /// <summary>Texts that the noise of a unit is measured on.</summary>
    private const int NoiseTexts = 16;

    private readonly IReadOnlyList<StorageUnit> units = StorageUnit.Of(models[0].Config, models[0].Head);

    public AutoResult Run()
    {
        CostModel cost = new(units);
        StoragePlan fastest = StoragePlan.Fastest(units);
        List<(StoragePlan Plan, AutoBaseline Baseline)> alike = [];
        for (int option = 0; option < StorageOption.OfMatrices.Count - 1; option++)
        {
            StoragePlan plan = fastest.WithMatrices(option);
            string name = $"all {StorageOption.OfMatrices[option]}";
            say($"measuring {name} on {meter.Texts} texts");
            alike.Add((plan, new AutoBaseline(name, Measure(plan), cost.Speed(plan.Cost))));
        }
        AutoBaseline[] baselines = [.. alike.Select(one => one.Baseline)];
        (StoragePlan? plain, AutoBaseline? good) = alike.Find(one => target.Allows(one.Baseline.Drift));
        if (good == baselines[0]) return Result(good.Name, plain!, baselines, [], good.Drift, cost);

        // Changes that make it slower than a baseline that is good enough are in vain.
        (StoragePlan Plan, AutoStep Step)[] steps = [.. Steps(fastest, Noise(baselines), baselines[0].Drift.Mean, cost)
            .TakeWhile(step => good is null || step.Step.Speed > good.Speed)];
        int guess = 1 + Math.Max(0, Array.FindIndex(steps, step => step.Step.Estimate <= target.Share));
        Dictionary<int, Drift> measured = [];
        int fewest = FewestSteps(steps.Length + (good is null ? 0 : 1), guess, count =>
        {
            say($"measuring {count} of {steps.Length} changes");
            return target.Allows(measured[count] = Measure(steps[count - 1].Plan));
        });
        if (fewest > steps.Length) return Result(good!.Name, plain!, baselines, [], good.Drift, cost);
        AutoStep[] taken = [.. steps.Take(fewest).Select((step, i) =>
            step.Step with { Measured = measured.TryGetValue(i + 1, out Drift drift) ? drift : null })];
        // All changes leave nothing that could drift, so that was not measured.
        Drift left = measured.GetValueOrDefault(fewest);
        return Result($"{fewest} changes to {baselines[0].Name}", steps[fewest - 1].Plan, baselines, taken, left, cost);
    }

    /// <summary>
    /// The fewest of 1 … all that are enough, by bisection from a first guess, given that all are.
    /// </summary>
    internal static int FewestSteps(int all, int guess, Func<int, bool> enough)
    {
        int tooFew = 0, sure = all, next = Math.Clamp(guess, 1, all);
        while (tooFew + 1 < sure)
        {
            next = Math.Clamp(next, tooFew + 1, sure - 1);
            if (enough(next)) sure = next;
            else tooFew = next;
            next = (tooFew + sure) / 2;
        }
        return sure;
    }

    /// <summary>[units][options] the noise that a unit causes.</summary>
    private double[][] Noise(AutoBaseline[] baselines)
    {
        StoragePlan exact = StoragePlan.Exact(units);
        double coarse = Square(baselines[0].Drift.Mean), medium = Square(baselines[1].Drift.Mean) / coarse;
        double fine = Math.Min(medium, Square(baselines[2].Drift.Mean) / coarse);
        double[][] noise = new double[units.Count][];
        for (int i = 0; i < units.Count; i++)
        {
            say($"measuring {units[i].Name} alone");
            double alone = Square(Measure(exact.With(i, 0), NoiseTexts).Mean);
            noise[i] = units[i].IsAttention ? [alone, 0] : [alone, alone * Math.Min(1, medium), alone * fine, 0];
        }
        return noise;
    }

    /// <summary>All changes from the fastest to the exact plan, in the order in which they pay.</summary>
    private List<(StoragePlan Plan, AutoStep Step)> Steps(
        StoragePlan plan, double[][] noise, double drift, CostModel cost)
    {
        List<(StoragePlan, AutoStep)> steps = [];
        double all = units.Select((_, i) => noise[i][plan[i]]).Sum(), left = all;
        while (Best(plan, noise) is ( >= 0 and int unit, int option))
        {
            StorageOption from = units[unit].Options[plan[unit]], to = units[unit].Options[option];
            left -= noise[unit][plan[unit]] - noise[unit][option];
            plan = plan.With(unit, option);
            double estimate = all > 0 ? drift * Math.Sqrt(Math.Max(0, left) / all) : 0;
            steps.Add((plan, new AutoStep(units[unit].Name, from, to, estimate, null, cost.Speed(plan.Cost))));
        }
        return steps;
    }

    /// <summary>The change that lowers the noise most for its time; −1 where none is left.</summary>
    private (int Unit, int Option) Best(StoragePlan plan, double[][] noise)
    {
        (int, int) best = (-1, 0);
        double most = double.NegativeInfinity;
        for (int i = 0; i < units.Count; i++)
            for (int option = plan[i] + 1; option < units[i].Options.Count; option++)
            {
                double time = CostModel.Of(units[i], units[i].Options[option])
                    - CostModel.Of(units[i], units[i].Options[plan[i]]);
                double gain = (noise[i][plan[i]] - noise[i][option]) / time;
                if (gain <= most) continue;
                most = gain;
                best = (i, option);
            }
        return best;
    }

    private Drift Measure(StoragePlan plan, int texts = int.MaxValue)
    {
        using GauModel model = plan.Model(models);
        return meter.Measure(model, texts);
    }

    private AutoResult Result(
        string chosen, StoragePlan plan, AutoBaseline[] baselines, AutoStep[] steps, Drift drift, CostModel cost) =>
        new(target, chosen, baselines, steps, drift, cost.Speed(plan.Cost), plan.Scheme(), plan.Attention);

    private static double Square(double x) => x * x;
}
