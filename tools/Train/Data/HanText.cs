using System.Runtime.InteropServices;
using System.Text;

namespace GauRuntime.Train.Data;

/// <summary>The runs of Chinese characters of many texts, one after the other.</summary>
/// <remarks>Two bytes a character. Rare characters beyond U+FFFF part runs; they are counted all the same.</remarks>
internal sealed class HanText
{
    /// <summary>What stands between runs, before the first and behind the last.</summary>
    public const char Gap = '\0';

    private readonly List<char> units = [Gap];
    private readonly Dictionary<int, long> counts = [];

    /// <summary>The runs, with a gap between them.</summary>
    public ReadOnlySpan<char> Units => CollectionsMarshal.AsSpan(units);

    /// <summary>How many characters there are.</summary>
    public long Count { get; private set; }

    /// <summary>How often each character occurs.</summary>
    public IEnumerable<(string Character, long Count)> Characters =>
        counts.Select(entry => (char.ConvertFromUtf32(entry.Key), entry.Value));

    /// <summary>Adds the runs of a text.</summary>
    public void Add(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool isHan = TextRuns.IsHan(rune.Value);
            if (isHan)
            {
                Count++;
                CollectionsMarshal.GetValueRefOrAddDefault(counts, rune.Value, out _)++;
            }
            if (isHan && rune.IsBmp)
                units.Add((char)rune.Value);
            else if (units[^1] != Gap)
                units.Add(Gap);
        }
        if (units[^1] != Gap)
            units.Add(Gap);
    }
}
