using System.Diagnostics;
using GauRuntime.Scoring.Records;
using GauRuntime.Train.Data;
using GauRuntime.Train.Models;
using GauRuntime.Train.Optimizers;
using GauRuntime.Train.Pretraining;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Train;

/// <summary>
/// Tokens a second of a whole pretraining, with data, evaluations and saved states, beside those of the same modules
/// that are stepped on one batch in memory, update by update in turn: a machine that others share changes in seconds.
/// </summary>
internal static class PretrainingSpeed
{
    private const int WarmUp = 10;

    /// <summary>Measures both.</summary>
    /// <param name="corpus">Texts, of whatever format.</param>
    /// <param name="architecture">The encoder, of the usual size.</param>
    /// <param name="updates">Updates of a round.</param>
    /// <param name="rounds">Rounds, of which the medians count.</param>
    /// <returns>Tokens a second, padding not counted, and the seconds of a round that are not of updates.</returns>
    public static (double Pretraining, double Alone, Costs Costs) Measure(
        string corpus, Architecture architecture, int updates, int rounds)
    {
        string root = Directory.CreateTempSubdirectory("gau-train-speed-").FullName;
        try
        {
            PretrainOptions options = Options(corpus, Path.Combine(root, "model"), architecture, updates * rounds);
            PretrainMessages messages = new(TextWriter.Null, json: false, terminal: false, TimeProvider.System);
            using WorkFolder folder = WorkFolder.Open(options.Output, resume: false, force: false);
            using PretrainSetup setup = PretrainSetup.Read(options, folder, messages);
            using TrainableModel model = setup.CreateModel(), other = setup.CreateModel();
            using Lamb optimizer = new(model.Parameters, options.Lamb), second = new(other.Parameters, options.Lamb);
            BatchStream stream = setup.Batches(default);
            using MaskedBatch batch = new(Usual(setup.Batches(default), updates), setup.Device);
            UpdateStep alone = new(
                other, second, new DropoutRates(options.HiddenDropout, options.AttentionDropout), options.Seed);
            TrainingProgress progress = new();
            List<CurvePoint> curve = [];
            List<double> whole = [], fixedBatch = [];
            for (int round = 0; round <= rounds; round++)   // the first, a short one, warms up
            {
                long before = progress.Tokens, start = Stopwatch.GetTimestamp();
                long end = progress.Updates + (round == 0 ? Math.Min(updates, WarmUp) : updates);
                double stepped = 0;
                progress = new TrainingLoop
                {
                    // A part of the run, with the evaluation and the saved state that a 25th of a run has.
                    Plan = setup.Plan with { Updates = end, EvaluateEvery = end }, Model = model, Optimizer = optimizer,
                    Stream = stream, HeldOut = setup.HeldOut(), Folder = folder, Messages = messages,
                    Clock = TimeProvider.System, SaveEvery = end, Curve = curve, Stop = StepAlone,
                }.Run(progress, isSaved: true);
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds - stepped;
                if (round == 0)
                    continue;
                whole.Add((progress.Tokens - before) / seconds);
                fixedBatch.Add(updates * batch.TokenCount / stepped);

                // Every update asks whether it is to be the last.
                int? StepAlone()
                {
                    stepped += Seconds(() =>
                    {
                        alone.Gradients(progress.Updates, [batch]);
                        alone.Apply(options.Rate);
                    });
                    return null;
                }
            }
            IReadOnlyList<IReadOnlyList<MaskedSample>> heldOut = setup.HeldOut();
            Costs costs = new(
                Seconds(() => Read(stream, updates)), Seconds(() => HeldOutEvaluation.Of(model, heldOut)),
                Seconds(() => StateFile.Write(
                    Path.Combine(root, "state"), setup.Plan, progress, curve, model, optimizer)));
            return (Median(whole), Median(fixedBatch), costs);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    // Of batches with as many tokens those of longer texts take longer: the one in the middle stands for them.
    private static IReadOnlyList<MaskedSample> Usual(BatchStream stream, int updates) =>
        Enumerable.Range(0, updates).Select(_ => stream.Next().Samples)
            .OrderBy(samples => samples.Max(sample => sample.Source.Length)).ElementAt(updates / 2);

    private static void Read(BatchStream stream, int updates)
    {
        for (int update = 0; update < updates; update++)
            stream.Next();
    }

    private static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static PretrainOptions Options(
        string corpus, string output, Architecture architecture, int updates) => new()
    {
        Corpus = new Documents([InputFile.Find(corpus, null)], new RecordFields()),
        Output = output, Sizes = new ModelSizes { Architecture = architecture }, VocabSize = 12_000, LeastCount = 5,
        Segmenter = "unigram", CreateSegmenter = texts => new Unigram(WordLearner.Learn(texts.Texts, texts.Units)),
        MaxLength = 128, Piece = Pieces.Longest(128), BatchTokens = 4096, Accumulate = 1, Rate = 1.76e-3,
        Schedule = Schedules.Usual,
        HiddenDropout = 0.1, AttentionDropout = 0.1, Lamb = new LambSettings(),
        Budget = new Budget(BudgetUnit.Updates, updates), HeldOut = 0.01, Seed = 0,
        Threads = Environment.ProcessorCount, Device = "cpu",
    };

    /// <summary>The one in the middle.</summary>
    public static double Median(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);

    /// <summary>Seconds of a round that are not of updates.</summary>
    /// <param name="Data">Its batches.</param>
    /// <param name="Evaluation">Its evaluation on held-out texts.</param>
    /// <param name="State">Its saved state.</param>
    internal sealed record Costs(double Data, double Evaluation, double State);
}
