using System.Runtime.InteropServices;
using System.Text;

namespace GauRuntime.Train.Data;

/// <summary>The runs of Chinese characters of many texts, each between the characters that stand beside it.</summary>
/// <remarks>Two bytes a character. Rare characters beyond U+FFFF part runs; they are counted all the same.</remarks>
internal sealed class HanText
{
    private const char Edge = '\0';   // of a text

    private readonly List<char> units = [Edge];
    private readonly Dictionary<int, long> counts = [];

    /// <summary>The runs; before, between and behind them one or two characters that are part of none.</summary>
    public ReadOnlySpan<char> Units => CollectionsMarshal.AsSpan(units);

    /// <summary>How often each character occurs.</summary>
    public IEnumerable<(string Character, long Count)> Characters =>
        counts.Select(entry => (char.ConvertFromUtf32(entry.Key), entry.Value));

    /// <summary>Adds the runs of a text.</summary>
    public void Add(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (TextRuns.IsHan(rune.Value))
                CollectionsMarshal.GetValueRefOrAddDefault(counts, rune.Value, out _)++;
            Add(rune.IsBmp ? (char)rune.Value : Edge);
        }
        Add(Edge);
    }

    /// <summary>The runs.</summary>
    public RunEnumerator Runs() => new(Units);

    // Of what parts two runs the first and the last character are kept.
    private void Add(char unit)
    {
        if (units.Count > 1 && !TextRuns.IsHan(unit) && !TextRuns.IsHan(units[^1]) && !TextRuns.IsHan(units[^2]))
            units[^1] = unit;
        else
            units.Add(unit);
    }

    /// <summary>Goes from run to run.</summary>
    internal ref struct RunEnumerator(ReadOnlySpan<char> rest)
    {
        private ReadOnlySpan<char> rest = rest;

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly RunEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            int start = 0;
            while (start < rest.Length && !TextRuns.IsHan(rest[start]))
                start++;
            int end = start;
            while (end < rest.Length && TextRuns.IsHan(rest[end]))
                end++;
            Current = rest[start..end];
            rest = rest[end..];
            return end > start;
        }
    }
}
