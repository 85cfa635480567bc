using System.IO.Hashing;
using System.Runtime.InteropServices;
using GauRuntime.Heads;
using GauRuntime.Text;

namespace GauRuntime.Answers;

/// <summary>The words that alone are ranked for a <c>[MASK]</c>, each of them one token.</summary>
internal sealed class MaskCandidates
{
    private readonly int[] ids;   // as they were given

    /// <summary>Takes words.</summary>
    /// <param name="tokenizer">Knows their tokens.</param>
    /// <param name="words">At least one.</param>
    /// <exception cref="ArgumentException">
    /// There is none, or one is not one token of the vocabulary, or the same token as another.
    /// </exception>
    public MaskCandidates(GauTokenizer tokenizer, IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        if (words.Count == 0)
            throw new ArgumentException("no candidates: there is no word");
        Dictionary<int, string> known = [];
        ids = new int[words.Count];
        for (int i = 0; i < ids.Length; i++)
        {
            int[] tokens = WordIds.Of(tokenizer, words[i]);
            if (tokens is not [int id])
                throw new ArgumentException(
                    $"{WordIds.Shown(words[i])} is {tokens.Length} tokens, and a [MASK] stands for one");
            // A character and its continuation are one candidate, see TokenRanking.
            int twin = tokenizer.Twins[id], name = twin >= 0 ? Math.Min(id, twin) : id;
            if (!known.TryAdd(name, words[i]))
                throw new ArgumentException(
                    $"{WordIds.Shown(words[i])} is the same token as {WordIds.Shown(known[name])} before it");
            ids[i] = id;
        }
    }

    /// <summary>How many there are.</summary>
    public int Count => ids.Length;

    /// <summary>All that a ranking depends on.</summary>
    public string Name => $"{Count} of digest {XxHash128.HashToUInt128(MemoryMarshal.AsBytes(ids.AsSpan())):x32}";

    /// <summary>The most probable, best first; of equals the one that was given first.</summary>
    /// <param name="tokenizer">Knows the tokens.</param>
    /// <param name="probabilities">[V].</param>
    /// <param name="best">As many as there is room for.</param>
    /// <returns>How many there are.</returns>
    public int Best(GauTokenizer tokenizer, ReadOnlySpan<float> probabilities, Span<RankedToken> best)
    {
        int count = 0;
        foreach (int id in ids)
        {
            int twin = tokenizer.Twins[id];
            float probability = twin >= 0 ? Math.Max(probabilities[id], probabilities[twin]) : probabilities[id];
            if (count == best.Length && (count == 0 || probability <= best[^1].Probability))
                continue;
            int place = count < best.Length ? count++ : count - 1;
            for (; place > 0 && best[place - 1].Probability < probability; place--)
                best[place] = best[place - 1];
            best[place] = new RankedToken(id, probability);
        }
        return count;
    }
}
