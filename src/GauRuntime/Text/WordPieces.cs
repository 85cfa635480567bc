using System.Text;

namespace GauRuntime.Text;

/// <summary>
/// WordPiece: a word becomes the longest pieces of the vocabulary from left to right, <c>##</c> marking continuations.
/// </summary>
/// <remarks>
/// A trie over code points; the node after <c>##</c> is where continuations start. Short words that are tokens are
/// found at once, too. Immutable, thread-safe.
/// </remarks>
internal sealed class WordPieces
{
    private const int Root = 0, Missing = NumberMap.Missing, PointBits = 21;

    private readonly NumberMap edges = new();   // (node, code point) -> node
    private readonly NumberMap words = new();   // packed word -> token
    private readonly int[] tokens;              // token that ends at a node
    private readonly int continuation;

    /// <summary>Takes the tokens in the order of their ids.</summary>
    internal WordPieces(ReadOnlySpan<string> vocabulary)
    {
        List<int> ends = [Missing];
        for (int id = 0; id < vocabulary.Length; id++)
        {
            ends[AddPath(vocabulary[id], ends)] = id;
            if (PackedWord.Of(vocabulary[id]) is not 0 and var word)
                words.Add(word, id);
        }
        continuation = AddPath("##", ends);
        tokens = [.. ends];
    }

    /// <summary>The token that is a whole word, or −1.</summary>
    /// <param name="word">A <see cref="PackedWord"/>; 0, a word that cannot be packed, is never found.</param>
    internal int Find(ulong word) => word == 0 ? Missing : words.Find(word);

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
                node = edges.Find(Edge(node, word[at]));
                if (node == Missing)
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

    private int AddPath(string token, List<int> ends)
    {
        int node = Root;
        foreach (Rune rune in token.EnumerateRunes())
        {
            int next = edges.Find(Edge(node, rune.Value));
            if (next == Missing)
            {
                next = ends.Count;
                ends.Add(Missing);
                edges.Add(Edge(node, rune.Value), next);
            }
            node = next;
        }
        return node;
    }

    // Never 0, which no map takes as a key.
    private static ulong Edge(int node, int point) => ((ulong)node + 1) << PointBits | (uint)point;
}
