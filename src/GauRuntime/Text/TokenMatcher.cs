using System.Buffers;

namespace GauRuntime.Text;

/// <summary>Finds tokens that are read whole where a text has them, written exactly so; the longest wins.</summary>
/// <remarks>A look costs one search per length of the names with that first character. Immutable, thread-safe.</remarks>
internal sealed class TokenMatcher
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> ids;
    private readonly Dictionary<char, int[]> lengths = [];   // of the names with a first character, longest first
    private readonly SearchValues<char> firsts;

    private TokenMatcher(Dictionary<string, int> ids)
    {
        this.ids = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (IGrouping<char, string> names in ids.Keys.GroupBy(name => name[0]))
            lengths.Add(names.Key, [.. names.Select(name => name.Length).Distinct().OrderDescending()]);
        firsts = SearchValues.Create([.. lengths.Keys]);
    }

    /// <summary>A matcher, or null where there is nothing to find.</summary>
    /// <param name="ids">Names, none empty, with their ids; compared ordinally.</param>
    internal static TokenMatcher? Over(Dictionary<string, int> ids) => ids.Count == 0 ? null : new TokenMatcher(ids);

    /// <summary>Whether <paramref name="text"/> starts with a token.</summary>
    internal bool TryMatch(ReadOnlySpan<char> text, out int id, out int length)
    {
        (id, length) = (-1, 0);
        if (!firsts.Contains(text[0])) return false;
        foreach (int candidate in lengths[text[0]])
        {
            if (candidate > text.Length || !ids.TryGetValue(text[..candidate], out id)) continue;
            length = candidate;
            return true;
        }
        return false;
    }
}
