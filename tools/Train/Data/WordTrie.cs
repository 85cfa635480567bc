namespace GauRuntime.Train.Data;

/// <summary>Words by their characters, UTF-16 unit by unit.</summary>
/// <remarks>Thread-safe once it is filled.</remarks>
internal sealed class WordTrie
{
    /// <summary>The node before the first character.</summary>
    public const int Root = 0;

    /// <summary>No node, or no word.</summary>
    public const int None = -1;

    private readonly Dictionary<long, int> edges = [];   // (node, unit) -> node
    private readonly List<int> words = [None];           // the word that ends at a node

    /// <summary>Adds a word.</summary>
    /// <param name="word">Its characters.</param>
    /// <param name="id">What <see cref="Word"/> gives for it.</param>
    public void Add(ReadOnlySpan<char> word, int id)
    {
        int node = Root;
        foreach (char unit in word)
        {
            long edge = Edge(node, unit);
            if (!edges.TryGetValue(edge, out node))
            {
                node = words.Count;
                words.Add(None);
                edges.Add(edge, node);
            }
        }
        words[node] = id;
    }

    /// <summary>The node after one more unit, or <see cref="None"/>.</summary>
    public int Step(int node, char unit) => edges.TryGetValue(Edge(node, unit), out int next) ? next : None;

    /// <summary>The word that ends at a node, or <see cref="None"/>.</summary>
    public int Word(int node) => words[node];

    private static long Edge(int node, char unit) => ((long)node << 16) | unit;
}
