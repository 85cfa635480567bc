using System.Diagnostics;
using GauRuntime.Scoring.Records;
using GauRuntime.Text;
using GauRuntime.Train.Data;
using GauRuntime.Train.Heads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Train;

/// <summary>
/// Tokens a second of the features that <c>gau-train head</c> computes of texts, beside those of the encoder alone on
/// the same tokens, in turn.
/// </summary>
internal static class HeadSpeed
{
    private const int Texts = 1000, MostTokens = 512, BatchTokens = 2048;

    /// <summary>Measures both.</summary>
    /// <param name="corpus">Texts, of whatever format; the first are taken.</param>
    /// <param name="path">A model file or a checkpoint.</param>
    /// <param name="rounds">Rounds, of which the medians count.</param>
    /// <returns>Tokens a second.</returns>
    public static (double Features, double Encoder) Measure(string corpus, string path, int rounds)
    {
        int threads = Environment.ProcessorCount;
        using FeatureModel features = FeatureModel.Open(path, threads);
        GauModel model = features.Model;
        TextRecord[] records =
        [
            .. new Documents([InputFile.Find(corpus, null)], new RecordFields()).Read().Take(Texts)
                .Select((text, i) => new TextRecord { Number = i + 1, Id = default, Place = default, Text = text }),
        ];
        GauBatch[] batches = Batches(model, records);
        double tokens = batches.Sum(batch => (double)batch.TokenCount);
        List<double> whole = [], alone = [];
        for (int round = 0; round <= rounds; round++)   // the first warms up
        {
            double computed = Rate(() => Features.Of(model, records, Pooling.Mean, MostTokens));
            double encoded = Rate(() => Workers.Run(
                model, threads, batches, (batch, workspace) => GauEncoder.Forward(model, batch, workspace)));
            if (round == 0)
                continue;
            whole.Add(computed);
            alone.Add(encoded);
        }
        return (PretrainingSpeed.Median(whole), PretrainingSpeed.Median(alone));

        double Rate(Action work)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            return tokens / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    // Texts of about one length together, the longest first.
    private static GauBatch[] Batches(GauModel model, TextRecord[] records)
    {
        EncodedText encoded = new();
        List<int[]> texts = [];
        foreach (TextRecord record in records)
        {
            model.Tokenizer.Encode(record.Text!, encoded, MostTokens);
            texts.Add(encoded.Ids.ToArray());
        }
        List<GauBatch> batches = [];
        foreach (int[] ids in texts.OrderByDescending(ids => ids.Length))
        {
            if (batches.Count == 0 || batches[^1].TokenCount + ids.Length > BatchTokens)
                batches.Add(new GauBatch());
            batches[^1].Add(ids);
        }
        return [.. batches];
    }
}
