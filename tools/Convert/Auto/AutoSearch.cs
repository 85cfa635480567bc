using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Auto;

/// <summary>
/// Finds the fastest way to store a model whose drift is within a target: from the fastest way of all on, always the
/// change that lowers the noise most for the time it costs.
/// </summary>
/// <remarks>
/// The noise of a unit is the square of the drift that it alone causes; noises of different units add up, as those of
/// independent errors do. That orders the changes. How many of them are made is measured, on all texts.
/// </remarks>
/// <param name="models">The model stored by each of <see cref="StorageOption.OfMatrices"/>.</param>
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
        List<(StoragePlan Plan, AutoBaseline Baseline)> baselines = [];
        Drift[] alike = [.. StorageOption.OfMatrices.SkipLast(1).Select((option, i) =>
            Add(fastest.WithMatrices(i), $"all {option}"))];
        int start = baselines.FindIndex(one => one.Plan.Is(fastest));
        if (start < 0) Add(fastest, "the fastest of each");
        AutoBaseline first = baselines[start < 0 ? ^1 : start].Baseline;
        AutoBaseline[] all = [.. baselines.Select(one => one.Baseline)];
        if (target.Allows(first.Drift)) return Result(first.Name, fastest, all, [], first.Drift, cost);
        (StoragePlan? plain, AutoBaseline? good) =
            baselines.Where(one => target.Allows(one.Baseline.Drift)).OrderByDescending(one => one.Baseline.Speed)
            .FirstOrDefault();

        // Changes that make it slower than a baseline that is good enough are in vain.
        (StoragePlan Plan, AutoStep Step)[] steps = [.. Steps(fastest, Noise(fastest, alike), first, cost)
            .TakeWhile(step => good is null || step.Step.Speed > good.Speed)];
        int guess = 1 + Math.Max(0, Array.FindIndex(steps, step => step.Step.Estimate <= target.Share));
        Dictionary<int, Drift> measured = [];
        int fewest = FewestSteps(steps.Length + (good is null ? 0 : 1), guess, count =>
        {
            say($"measuring {count} of {steps.Length} changes");
            return target.Allows(measured[count] = Measure(steps[count - 1].Plan));
        });
        if (fewest > steps.Length) return Result(good!.Name, plain!, all, [], good.Drift, cost);
        AutoStep[] taken = [.. steps.Take(fewest).Select((step, i) =>
            step.Step with { Measured = measured.TryGetValue(i + 1, out Drift drift) ? drift : null })];
        // All changes leave nothing that could drift, so that was not measured.
        Drift left = measured.GetValueOrDefault(fewest);
        return Result($"{fewest} changes to {first.Name}", steps[fewest - 1].Plan, all, taken, left, cost);

        Drift Add(StoragePlan plan, string name)
        {
            say($"measuring {name} on {meter.Texts} texts");
            Drift drift = Measure(plan);
            baselines.Add((plan, new AutoBaseline(name, drift, cost.Speed(plan.Cost))));
            return drift;
        }
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

    /// <summary>[units][options] the noise that a unit causes, from the option of the fastest plan on.</summary>
    /// <param name="fastest">The fastest plan.</param>
    /// <param name="alike">The drift of the model by each option of int8, which tells how they compare.</param>
    private double[][] Noise(StoragePlan fastest, Drift[] alike)
    {
        StoragePlan exact = StoragePlan.Exact(units);
        double[] whole = [.. alike.Select(drift => Square(drift.Mean))];
        for (int i = 1; i < whole.Length; i++) whole[i] = Math.Min(whole[i], whole[i - 1]);
        double[][] noise = new double[units.Count][];
        for (int i = 0; i < units.Count; i++)
        {
            say($"measuring {units[i].Name} alone");
            int first = fastest[i];
            double alone = Square(Measure(exact.With(i, first), NoiseTexts).Mean);
            double unit = whole[first] > 0 ? alone / whole[first] : 0;
            noise[i] = units[i].IsAttention ? [alone, 0] : [.. whole.Select(share => unit * share), 0];
        }
        return noise;
    }

    /// <summary>All changes from the fastest to the exact plan, in the order in which they pay.</summary>
    private List<(StoragePlan Plan, AutoStep Step)> Steps(
        StoragePlan plan, double[][] noise, AutoBaseline first, CostModel cost)
    {
        List<(StoragePlan, AutoStep)> steps = [];
        double all = units.Select((_, i) => noise[i][plan[i]]).Sum(), left = all;
        while (Best(plan, noise) is ( >= 0 and int unit, int option))
        {
            StorageOption from = units[unit].Options[plan[unit]], to = units[unit].Options[option];
            left -= noise[unit][plan[unit]] - noise[unit][option];
            plan = plan.With(unit, option);
            double estimate = all > 0 ? first.Drift.Mean * Math.Sqrt(Math.Max(0, left) / all) : 0;
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
                // Smaller blocks can be the faster ones, where less is padded.
                double time = Math.Max(1, CostModel.Of(units[i], option) - CostModel.Of(units[i], plan[i]));
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
