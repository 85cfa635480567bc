using System.Buffers;

namespace GauRuntime.Text;

/// <summary>
/// Finds tokens that are read whole where a text, or its lower case, has them, written exactly so; the longest wins.
/// </summary>
/// <remarks>
/// Hugging Face's slow classes look for them in texts that are lower-cased already, but for such tokens as they are
/// written (<c>PreTrainedTokenizer.tokenize</c>, <c>transformers/tokenization_utils.py</c>). Immutable, thread-safe.
/// </remarks>
internal sealed class TokenMatcher
{
    private const int Root = 0, Missing = -1;

    private readonly Dictionary<(int Node, char Unit), int> edges = [];   // to the next node
    private readonly List<int> tokens = [Missing];                       // token that ends at a node
    private readonly SearchValues<char> firsts;
    private readonly bool lowerCase;

    private TokenMatcher(Dictionary<string, int> ids, bool lowerCase)
    {
        this.lowerCase = lowerCase;
        foreach ((string name, int id) in ids)
        {
            int node = Root;
            foreach (char unit in name)
            {
                if (!edges.TryGetValue((node, unit), out int next))
                {
                    edges.Add((node, unit), next = tokens.Count);
                    tokens.Add(Missing);
                }
                node = next;
            }
            tokens[node] = id;
        }
        firsts = SearchValues.Create([.. ids.Keys.Select(name => name[0]).Distinct()]);
    }

    /// <summary>A matcher, or null where there is nothing to find.</summary>
    /// <param name="ids">Names, none empty, with their ids; compared ordinally.</param>
    /// <param name="lowerCase">Whether the lower case of a text is looked at too.</param>
    internal static TokenMatcher? Over(Dictionary<string, int> ids, bool lowerCase) =>
        ids.Count == 0 ? null : new TokenMatcher(ids, lowerCase);

    /// <summary>Whether a text that begins with <paramref name="unit"/> can start with a token.</summary>
    internal bool MayBegin(char unit) =>
        firsts.Contains(unit) || (lowerCase && firsts.Contains(char.ToLowerInvariant(unit)));

    /// <summary>Whether <paramref name="text"/> starts with a token.</summary>
    internal bool TryMatch(ReadOnlySpan<char> text, out int id, out int length)
    {
        (id, length) = firsts.Contains(text[0]) ? Longest(text, lower: false) : (Missing, 0);
        if (lowerCase && firsts.Contains(char.ToLowerInvariant(text[0]))
            && Longest(text, lower: true) is var (other, otherLength) && otherLength > length)
            (id, length) = (other, otherLength);
        return length > 0;
    }

    private (int Id, int Length) Longest(ReadOnlySpan<char> text, bool lower)
    {
        (int Id, int Length) longest = (Missing, 0);
        int node = Root;
        for (int at = 0; at < text.Length; at++)
        {
            if (!edges.TryGetValue((node, lower ? char.ToLowerInvariant(text[at]) : text[at]), out node))
                break;
            if (tokens[node] != Missing)
                longest = (tokens[node], at + 1);
        }
        return longest;
    }
}
