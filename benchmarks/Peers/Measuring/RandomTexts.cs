namespace GauRuntime.Benchmarks.Peers.Measuring;

/// <summary>Token ids with a fixed seed, and the ways to put texts into batches.</summary>
internal static class RandomTexts
{
    private const int FirstId = 5, LastId = 12_000;   // no special token; in the vocabulary of every model

    private const double Median = 40, Sigma = 0.8;

    private const int Shortest = 8, Longest = 512;

    /// <summary>Texts of one length [count][length].</summary>
    public static int[][] OfLength(int length, int count)
    {
        Random random = new(length);
        return [.. Enumerable.Range(0, count).Select(_ => Ids(random, length))];
    }

    /// <summary>Texts of log-normal lengths, median 40, σ 0.8, from 8 to 512.</summary>
    public static int[][] Job(int count)
    {
        Random random = new(7);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
                * Math.Cos(2 * Math.PI * random.NextDouble());
            int length = (int)Math.Clamp(Math.Round(Median * Math.Exp(Sigma * normal)), Shortest, Longest);
            return Ids(random, length);
        })];
    }

    /// <summary>Batches of at most so many tokens, in order; a longer text is a batch of its own.</summary>
    public static int[][][] Packed(int[][] texts, int tokens)
    {
        List<List<int[]>> batches = [];
        int room = -1;
        foreach (int[] text in texts)
        {
            if (text.Length > room)
            {
                batches.Add([]);
                room = tokens;
            }
            batches[^1].Add(text);
            room -= text.Length;
        }
        return [.. batches.Select(batch => batch.ToArray())];
    }

    /// <summary>Batches of so many texts, the longest first, for engines that pad.</summary>
    public static int[][][] Sorted(int[][] texts, int count) =>
        [.. texts.OrderByDescending(text => text.Length).Chunk(count)];

    private static int[] Ids(Random random, int length) =>
        [.. Enumerable.Range(0, length).Select(_ => random.Next(FirstId, LastId))];
}
