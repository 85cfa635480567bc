using System.Diagnostics;
using System.Globalization;
using GauRuntime.Benchmarks.Peers.Engines;
using GauRuntime.Benchmarks.Peers.Measuring;

namespace GauRuntime.Benchmarks.Peers;

/// <summary>A run: for each number of threads all engines are opened, checked and timed in turn.</summary>
internal sealed class PeerRun(PeerOptions options, string folder)
{
    private const int PackedTokens = 1024;

    private static readonly int[] PaddedTexts = [1, 8, 16, 32];

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly List<EngineSpec> engines = [];
    private readonly PeerModel first = options.Engines[0].Model;   // of the job, and of batches
    private readonly PeerResults results = new()
    {
        Machine = Machine.Read(), Command = options.Command, Report = options.Report.Name,
        Date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };

    /// <summary>Measures all that the options ask for.</summary>
    public PeerResults Run()
    {
        foreach (EngineSpec engine in options.Engines)
            if (engine.Fault() is string reason)
                results.Absences.Add(new Absence(engine.Id, reason));
            else
                engines.Add(engine);
        foreach (int threads in options.Threads)
        {
            if (options.Parts.Contains("grid"))
                Timed(masked: false, threads, engines, Grid);
            if (options.Parts.Contains("job"))
                Timed(masked: true, threads, [.. engines.Where(engine => engine.Model == first)], Job);
        }
        results.Versions = string.Join(", ", engines.Select(engine => engine.Version).Distinct());
        if (options.Parts.Contains("memory"))
            foreach (EngineSpec engine in engines)
            {
                Progress($"memory of {engine.Id}");
                results.Memory.AddRange(
                    MemoryProbe.Run(engine, folder, options.Lengths.Where(n => n <= engine.MaxLength)));
            }
        return results;
    }

    private void Timed(
        bool masked, int threads, IReadOnlyList<EngineSpec> specs, Action<int, Dictionary<EngineSpec, IEngine>> measure)
    {
        Dictionary<EngineSpec, IEngine> open = [];
        try
        {
            foreach (EngineSpec spec in specs)
            {
                Progress($"opening {spec.Id}");
                open[spec] = spec.Open(folder, masked, threads);
                if (open[spec] is OurEngine ours)
                    results.Tier = ours.Tier;
            }
            results.Peak.Probe(results.Tier);
            foreach (IGrouping<PeerModel, EngineSpec> model in specs.GroupBy(spec => spec.Model))
                Check(model, open, masked);
            measure(threads, open);
        }
        finally
        {
            foreach (IEngine engine in open.Values)
                engine.Dispose();
        }
    }

    /// <summary>Against ours in F32.</summary>
    /// <exception cref="InvalidOperationException">An engine computes something else.</exception>
    private void Check(
        IGrouping<PeerModel, EngineSpec> model, Dictionary<EngineSpec, IEngine> open, bool masked)
    {
        EngineSpec reference = new(model.Key, "ours-f32");
        List<string> others = [];
        IEngine? own = open.ContainsKey(reference) ? null : reference.Open(folder, masked, threads: 1);
        foreach (EngineSpec spec in model)
        {
            ModelCheck check = SameModel.Check(spec, open[spec], own ?? open[reference], masked);
            Progress(FormattableString.Invariant(
                $"{spec.Id}: differs by at most {check.MaxDifference:0.0e-0}, cosine {check.Cosine:F6}"));
            if (!SameModel.Holds(spec, check))
                others.Add(spec.Id);
            if (!results.Checks.Exists(known => known.Engine == check.Engine))
                results.Checks.Add(check);
        }
        own?.Dispose();
        if (others.Count > 0)
            throw new InvalidOperationException($"not the same model: {string.Join(", ", others)}");
    }

    private void Grid(int threads, Dictionary<EngineSpec, IEngine> open)
    {
        foreach (int batch in options.Batches)
            foreach (int length in options.Lengths.Where(n => n * batch <= options.MaxTokens))
            {
                EngineSpec[] specs = [.. open.Keys.Where(
                    spec => length <= spec.MaxLength && (batch == 1 || spec.Model == first))];
                if (specs.Length == 0)
                    continue;
                int[][] texts = RandomTexts.OfLength(length, batch);
                foreach (EngineSpec spec in specs)
                    open[spec].Prepare([texts]);
                IReadOnlyList<double>[] times =
                    new Sampler(options.Seconds, options.Rounds).Run([.. specs.Select(spec => open[spec])]);
                results.Peak.Probe(results.Tier);
                for (int i = 0; i < specs.Length; i++)
                    Add(new EngineRun(specs[i].Id, threads, batch, length, batch * length, times[i], batch));
            }
    }

    private void Job(int threads, Dictionary<EngineSpec, IEngine> open)
    {
        int[][] texts = RandomTexts.Job(options.Texts);
        Dictionary<EngineSpec, int> cuts = [];
        foreach ((EngineSpec spec, IEngine engine) in open)
        {
            cuts[spec] = spec.Ours ? PackedTokens : BestCut(engine, texts);
            engine.Prepare(spec.Ours
                ? RandomTexts.Packed(texts, PackedTokens)
                : RandomTexts.Sorted(texts, cuts[spec]));
        }
        IReadOnlyList<double>[] times = new Sampler(seconds: 0, rounds: 2).Run([.. open.Values]);
        foreach ((EngineSpec spec, IReadOnlyList<double> seconds) in open.Keys.Zip(times))
            Add(new EngineRun(
                spec.Id, threads, cuts[spec], 0, texts.Sum(text => text.Length), seconds, texts.Length));
    }

    /// <summary>The texts per padded batch with which an engine is fastest, on a quarter of the job.</summary>
    private static int BestCut(IEngine engine, int[][] texts) => PaddedTexts.MaxBy(count =>
    {
        int[][][] sample = [.. RandomTexts.Sorted(texts, count).Where((_, i) => i % 4 == 1)];
        if (sample.Length == 0)
            return 0;
        engine.Prepare(sample);
        double seconds = new Sampler(seconds: 0, rounds: 0).Run([engine])[0][0];
        return sample.Sum(batch => batch.Sum(text => text.Length)) / seconds;
    });

    private void Add(EngineRun measurement)
    {
        results.Measurements.Add(measurement);
        string input = measurement.IsJob ? "job" : $"batch {measurement.Batch} length {measurement.Length}";
        Progress($"{measurement.Engine}, threads {measurement.Threads}, {input}: "
            + $"{measurement.TokensPerSecond.ToString("F0", CultureInfo.InvariantCulture)} tokens/s");
    }

    private void Progress(string line) => Console.Error.WriteLine($"{clock.Elapsed:mm\\:ss} {line}");
}
