using GauRuntime.Text;

namespace GauRuntime.Heads;

/// <summary>A token that could stand in a place, and how probable that is.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Probability">Of the whole vocabulary's.</param>
public readonly record struct RankedToken(int Id, float Probability);

/// <summary>The best tokens for a place.</summary>
/// <remarks>
/// A character that the vocabulary holds twice, as <c>x</c> and as the continuation <c>##x</c>, stands there once, with
/// the higher of its two probabilities.
/// </remarks>
public static class TokenRanking
{
    /// <summary>The most probable tokens, best first; of equals the lower id.</summary>
    /// <param name="tokenizer">Knows the tokens.</param>
    /// <param name="probabilities">[V].</param>
    /// <param name="top">How many, at least 1.</param>
    public static IReadOnlyList<RankedToken> Best(GauTokenizer tokenizer, ReadOnlySpan<float> probabilities, int top)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        RankedToken[] best = new RankedToken[Math.Min(top, probabilities.Length)];
        return best[..Best(tokenizer, probabilities, best)];
    }

    /// <summary>As above, into a span; allocates nothing.</summary>
    /// <param name="tokenizer">Knows the tokens.</param>
    /// <param name="probabilities">[V].</param>
    /// <param name="best">As many as there is room for.</param>
    /// <returns>How many there are: fewer only where the vocabulary has no more.</returns>
    public static int Best(GauTokenizer tokenizer, ReadOnlySpan<float> probabilities, Span<RankedToken> best)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ReadOnlySpan<int> twins = tokenizer.Twins;
        int count = 0;
        for (int id = 0; id < probabilities.Length; id++)
        {
            float probability = probabilities[id];
            if (count == best.Length && (count == 0 || probability <= best[^1].Probability))
                continue;
            if (twins[id] >= 0 && IsBefore(twins[id], id, probabilities))
                continue;
            int place = count < best.Length ? count++ : count - 1;
            for (; place > 0 && best[place - 1].Probability < probability; place--)
                best[place] = best[place - 1];
            best[place] = new RankedToken(id, probability);
        }
        // Of twins with equal probabilities the plain one names the character.
        foreach (ref RankedToken token in best[..count])
            if (twins[token.Id] is int twin and >= 0 && probabilities[twin] == token.Probability
                && tokenizer.Token(twin).Length < tokenizer.Token(token.Id).Length)
                token = new RankedToken(twin, token.Probability);
        return count;
    }

    private static bool IsBefore(int one, int other, ReadOnlySpan<float> probabilities) =>
        probabilities[one] > probabilities[other] || (probabilities[one] == probabilities[other] && one < other);
}
