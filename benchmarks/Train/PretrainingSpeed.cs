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
/// that are stepped on one batch in memory, in turn.
/// </summary>
internal static class PretrainingSpeed
{
    /// <summary>Measures both.</summary>
    /// <param name="corpus">Texts, of whatever format.</param>
    /// <param name="architecture">The encoder, of the usual size.</param>
    /// <param name="updates">Updates of a round.</param>
    /// <param name="rounds">Rounds, of which the medians count.</param>
    /// <returns>Tokens a second, padding not counted.</returns>
    public static (double Pretraining, double Alone) Measure(
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
            using MaskedBatch batch = new(setup.Batches(default).Next().Samples, setup.Device);
            UpdateStep alone = new(
                other, second, new DropoutRates(options.HiddenDropout, options.AttentionDropout), options.Seed);
            TrainingProgress progress = new();
            List<CurvePoint> curve = [];
            List<double> whole = [], fixedBatch = [];
            for (int round = 0; round <= rounds; round++)   // the first warms up
            {
                long before = progress.Tokens, start = Stopwatch.GetTimestamp(), end = progress.Updates + updates;
                progress = new TrainingLoop
                {
                    // A part of the run, with the evaluation and the saved state that a 25th of a run has.
                    Plan = setup.Plan with { Updates = end, EvaluateEvery = end }, Model = model, Optimizer = optimizer,
                    Stream = stream, HeldOut = setup.HeldOut(), Folder = folder, Messages = messages,
                    Clock = TimeProvider.System, SaveEvery = end, Curve = curve,
                }.Run(progress, isSaved: true);
                double rate = (progress.Tokens - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;
                start = Stopwatch.GetTimestamp();
                for (int update = 0; update < updates; update++)
                {
                    alone.Gradients(update, [batch]);
                    alone.Apply(options.Rate);
                }
                double stepped = updates * batch.TokenCount / Stopwatch.GetElapsedTime(start).TotalSeconds;
                if (round == 0)
                    continue;
                whole.Add(rate);
                fixedBatch.Add(stepped);
            }
            return (Median(whole), Median(fixedBatch));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
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
}
