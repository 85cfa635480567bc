using System.Numerics;

namespace GauRuntime.Evaluation.Metrics;

/// <summary>Records of about the same length.</summary>
/// <param name="From">Tokens of the shortest, the tokens of [CLS] and [SEP] included.</param>
/// <param name="To">Tokens of the longest.</param>
/// <param name="Count">Records.</param>
/// <param name="Wrong">Those whose answer is not wholly right.</param>
internal sealed record LengthBin(int From, int To, long Count, long Wrong);

/// <summary>How long texts are, and how many of each length are answered wrongly; in bins that double.</summary>
internal sealed class LengthCounts
{
    private const int Shortest = 8;   // tokens of the first bin

    private readonly long[] counts = new long[32], wrong = new long[32];

    /// <summary>The bins from the first with a record to the last.</summary>
    public IEnumerable<LengthBin> Bins
    {
        get
        {
            int first = Array.FindIndex(counts, count => count > 0);
            int last = Array.FindLastIndex(counts, count => count > 0);
            for (int i = first; i >= 0 && i <= last; i++)
                yield return new LengthBin(
                    i == 0 ? 1 : (Shortest << (i - 1)) + 1, Shortest << i, counts[i], wrong[i]);
        }
    }

    internal void Add(int tokens, bool isWrong)
    {
        int bin = BitOperations.Log2((uint)Math.Max(0, tokens - 1) / Shortest * 2 + 1);
        counts[bin]++;
        wrong[bin] += isWrong ? 1 : 0;
    }
}
