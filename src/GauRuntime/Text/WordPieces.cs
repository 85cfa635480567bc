using System.Text;

namespace GauRuntime.Text;

/// <summary>
/// WordPiece: a word becomes the longest pieces of the vocabulary from left to right, <c>##</c> marking continuations.
/// </summary>
/// <remarks>
/// A trie over code points; the node after <c>##</c> is where continuations start. Immutable, thread-safe.
/// </remarks>
internal sealed class WordPieces
{
    private const int Root = 0, Missing = -1, PointBits = 21;

    private readonly Dictionary<long, int> edges = [];   // (node, code point) -> node
    private readonly List<int> tokens = [Missing];       // token that ends at a node
    private readonly int continuation;

    /// <summary>Takes the tokens in the order of their ids.</summary>
    internal WordPieces(ReadOnlySpan<string> vocabulary)
    {
        for (int id = 0; id < vocabulary.Length; id++)
        {
            int node = AddPath(vocabulary[id]);
            tokens[node] = id;
        }
        continuation = AddPath("##");
    }

    /// <summary>
    /// Splits <paramref name="word"/>; returns the number of pieces, 0 if some position has no match.
    /// </summary>
    /// <param name="word">Code points, at least one.</param>
    /// <param name="ids">Receives the pieces' ids; [word length].</param>
    /// <param name="ends">Receives where in the word each piece ends; [word length].</param>
    internal int Split(ReadOnlySpan<int> word, Span<int> ids, Span<int> ends)
    {
        int count = 0;
        for (int start = 0; start < word.Length; start = ends[count++])
        {
            int node = start == 0 ? Root : continuation, id = Missing;
            for (int at = start; at < word.Length; at++)
            {
                if (!edges.TryGetValue(Edge(node, word[at]), out node))
                    break;
                if (tokens[node] == Missing)
                    continue;
                id = tokens[node];
                ends[count] = at + 1;
            }
            if (id == Missing)
                return 0;
            ids[count] = id;
        }
        return count;
    }

    private int AddPath(string token)
    {
        int node = Root;
        foreach (Rune rune in token.EnumerateRunes())
        {
            long edge = Edge(node, rune.Value);
            if (!edges.TryGetValue(edge, out int next))
            {
                next = tokens.Count;
                tokens.Add(Missing);
                edges.Add(edge, next);
            }
            node = next;
        }
        return node;
    }

    private static long Edge(int node, int point) => ((long)node << PointBits) | (uint)point;
}
