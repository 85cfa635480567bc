using System.Diagnostics;

namespace GauRuntime.Benchmarks.Tokenizers;

/// <summary>What one tokenizer did with the texts of one kind.</summary>
/// <param name="Corpus">The texts.</param>
/// <param name="Contender">The tokenizer.</param>
/// <param name="Rates">Of every round, in tokens per second; tokens are those of our tokenizer.</param>
/// <param name="BytesPerText">Allocated for each text.</param>
/// <param name="Same">Share of the texts that it gives the same ids as ours.</param>
internal sealed record Found(Corpus Corpus, Contender Contender, List<double> Rates, double BytesPerText, double Same)
{
    public double Median
    {
        get
        {
            double[] sorted = [.. Rates.Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }
}

/// <summary>Measures all tokenizers in turn, so that a slow moment of the machine hits all.</summary>
internal sealed class Rounds(Corpus[] corpora, Contender[] contenders)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1), Round = TimeSpan.FromSeconds(0.2);

    /// <summary>Runs so many rounds after one that is not counted.</summary>
    public IReadOnlyList<Found> Run(int rounds)
    {
        List<Found> all = [];
        foreach (Corpus corpus in corpora)
        {
            int[][] ids = [.. corpus.Texts.Select(contenders[0].Ids)];
            long tokens = ids.Sum(text => (long)text.Length);
            Found[] found = [.. contenders.Select(contender => new Found(
                corpus, contender, [], Bytes(corpus, contender),
                corpus.Texts.Where((text, i) => contender.Ids(text).AsSpan().SequenceEqual(ids[i])).Count()
                    / (double)ids.Length))];
            foreach (Contender contender in contenders)
                Rate(corpus, contender, tokens, WarmUp);
            for (int round = 0; round < rounds; round++)
                for (int i = 0; i < found.Length; i++)
                {
                    Found next = found[(round + i) % found.Length];
                    next.Rates.Add(Rate(corpus, next.Contender, tokens, Round));
                }
            all.AddRange(found);
        }
        return all;
    }

    private static double Rate(Corpus corpus, Contender contender, long tokens, TimeSpan atLeast)
    {
        long started = Stopwatch.GetTimestamp();
        int times = 0;
        do
        {
            foreach (string text in corpus.Texts)
                contender.Encode(text);
            times++;
        }
        while (Stopwatch.GetElapsedTime(started) < atLeast);
        return tokens * times / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Bytes(Corpus corpus, Contender contender)
    {
        foreach (string text in corpus.Texts)
            contender.Encode(text);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (string text in corpus.Texts)
            contender.Encode(text);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)corpus.Texts.Length;
    }
}
