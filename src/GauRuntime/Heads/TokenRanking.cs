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
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        // Every surface form stands there at most twice.
        int candidates = (int)Math.Min(2L * top, probabilities.Length);
        PriorityQueue<int, (float, int)> best = new(candidates + 1);
        for (int id = 0; id < probabilities.Length; id++)
        {
            if (best.Count < candidates) best.Enqueue(id, (probabilities[id], -id));
            else best.EnqueueDequeue(id, (probabilities[id], -id));
        }
        List<int> ordered = [];
        while (best.TryDequeue(out int id, out _)) ordered.Add(id);
        ordered.Reverse();
        return Distinct(tokenizer, ordered, probabilities, top);
    }

    private static List<RankedToken> Distinct(
        GauTokenizer tokenizer, List<int> ordered, ReadOnlySpan<float> probabilities, int top)
    {
        List<RankedToken> tokens = [];
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        foreach (int id in ordered)
        {
            string token = tokenizer.Token(id), surface = Surface(token);
            if (places.TryGetValue(surface, out int place))
            {
                // Of twins with equal probabilities the plain one names the character.
                if (token == surface && probabilities[id] == tokens[place].Probability)
                    tokens[place] = new RankedToken(id, probabilities[id]);
            }
            else if (tokens.Count < top)
            {
                places[surface] = tokens.Count;
                tokens.Add(new RankedToken(id, probabilities[id]));
            }
        }
        return tokens;
    }

    private static string Surface(string token) =>
        token.Length > 2 && token.StartsWith("##", StringComparison.Ordinal) ? token[2..] : token;
}
