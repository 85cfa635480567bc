using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Auto;

/// <summary>
/// Finds the fastest way to store a model whose drift is within a target: from the fastest way of all on, always the
/// change that lowers the noise most for the time it costs.
/// </summary>
/// <remarks>
/// The noise of a unit is the square of the drift that it alone causes; noises of different units add up, as those of
/// independent errors do. That orders the changes. How many of them are made is measured on one half of the texts; the
/// other half judges, from the fastest on, what that half allows.
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
    private int plans;

    public AutoResult Run()
    {
        CostModel cost = new(units);
        StoragePlan fastest = StoragePlan.Fastest(units);
        List<(StoragePlan Plan, AutoBaseline Baseline)> baselines = [];
        for (int i = 0; i < StorageOption.OfMatrices.Count - 1; i++)
            Add(fastest.WithMatrices(i), $"all {StorageOption.OfMatrices[i]}");
        Drift[] alike = [.. Enumerable.Range(0, baselines.Count).Select(i =>
            Add(baselines[i].Plan.WithExactAttention(), $"{baselines[i].Baseline.Name}, attention f32"))];
        int at = baselines.FindIndex(one => one.Plan.Is(fastest));
        if (at < 0)
            Add(fastest, "the fastest of each");
        AutoBaseline first = baselines[at < 0 ? ^1 : at].Baseline;
        List<Candidate> candidates = [.. baselines.Where(one => target.Allows(one.Baseline.Drift)).Select(one =>
            new Candidate(one.Plan, one.Baseline.Name, one.Baseline.Speed, 0))];
        (StoragePlan Plan, AutoStep Step)[] all = [];
        Candidate? start = candidates.Find(one => one.Plan.Is(fastest));
        Candidate? chosen = start is not null && IsGood(start) ? start : null;
        if (chosen is null)
        {
            if (start is not null)
                candidates.Remove(start);
            double enough = candidates.Select(one => one.Speed).DefaultIfEmpty().Max();
            all = [.. Steps(fastest, Noise(fastest, alike), first, cost)];
            // Changes that make it slower than a baseline that is good enough are in vain, unless that is refuted.
            int few = all.TakeWhile(step => step.Step.Speed > enough).Count();
            int guess = 1 + Math.Max(0, Array.FindIndex(all, step => step.Step.Estimate <= target.Share));
            int fewest = FewestSteps(few + (few < all.Length ? 1 : 0), guess, count =>
            {
                say($"measuring {count} of {all.Length} changes");
                Drift drift = Measure(all[count - 1].Plan);
                all[count - 1].Step = all[count - 1].Step with { Measured = drift };
                return target.Allows(drift);
            });
            for (int count = fewest, more = 1; count <= all.Length; count += more, more *= 2)
                candidates.Add(Of(count));
            chosen = candidates.OrderByDescending(one => one.Speed).FirstOrDefault(IsGood) ?? Exact(cost, all.Length);

            Candidate Of(int count) =>
                new(all[count - 1].Plan, $"{count} changes to {first.Name}", all[count - 1].Step.Speed, count);
        }
        Drift found = baselines.Where(one => one.Plan.Is(chosen.Plan)).Select(one => (Drift?)one.Baseline.Drift)
            .FirstOrDefault() ?? Measure(chosen.Plan);
        return new AutoResult(
            target, chosen.Name, [.. baselines.Select(one => one.Baseline)],
            [.. all.Take(chosen.Steps).Select(one => one.Step)], found,
            chosen.Speed, chosen.Plan.Scheme(), chosen.Plan.Attention, meter.Choosing, chosen.Judged!, plans);

        Drift Add(StoragePlan plan, string name)
        {
            say($"measuring {name} on {meter.Choosing} texts");
            Drift drift = Measure(plan);
            baselines.Add((plan, new AutoBaseline(name, drift, cost.Speed(plan.Cost))));
            return drift;
        }
    }

    /// <summary>Whether the other half of the texts does not refute a plan.</summary>
    private bool IsGood(Candidate candidate)
    {
        say($"judging {candidate.Name} on the other texts");
        using GauModel model = candidate.Plan.Model(models);
        candidate.Judged = meter.Judge(model);
        plans++;
        return candidate.Judged.Allows(target);
    }

    /// <summary>What is left where all else is refuted: nothing can drift.</summary>
    private Candidate Exact(CostModel cost, int steps)
    {
        StoragePlan plan = StoragePlan.Exact(units);
        Candidate exact = new(plan, "the exact model", cost.Speed(plan.Cost), steps);
        IsGood(exact);
        return exact;
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
            if (enough(next))
                sure = next;
            else
                tooFew = next;
            next = (tooFew + sure) / 2;
        }
        return sure;
    }

    /// <summary>[units][options] the noise that a unit causes, from the option of the fastest plan on.</summary>
    /// <param name="fastest">The fastest plan.</param>
    /// <param name="alike">
    /// The drift of the model by each option of int8, with exact attention: how the options compare.
    /// </param>
    private double[][] Noise(StoragePlan fastest, Drift[] alike)
    {
        StoragePlan exact = StoragePlan.Exact(units);
        double[] whole = [.. alike.Select(drift => Square(drift.Mean))];
        for (int i = 1; i < whole.Length; i++)
            whole[i] = Math.Min(whole[i], whole[i - 1]);
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
                if (gain <= most)
                    continue;
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

    private static double Square(double x) => x * x;

    /// <summary>A plan that the texts to choose on allow.</summary>
    private sealed record Candidate(StoragePlan Plan, string Name, double Speed, int Steps)
    {
        public Judgement? Judged { get; set; }
    }
}
