namespace GauRuntime.Text;

/// <summary>Turns UTF-16 offsets of a text into code-point offsets, as Python counts characters.</summary>
/// <remarks>
/// Ascending offsets cost one pass over the text in all; a smaller offset starts again from 0. A lone surrogate counts
/// as one.
/// </remarks>
/// <param name="text">The text the offsets belong to.</param>
public ref struct CodePointOffsets(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> text = text;
    private int units;
    private int points;

    /// <summary>Code points that end at or before the UTF-16 offset <paramref name="offset"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The offset lies outside the text.</exception>
    public int At(int offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, text.Length);
        if (offset < units)
            (units, points) = (0, 0);
        while (units < offset)
        {
            bool pair = units + 1 < text.Length && char.IsSurrogatePair(text[units], text[units + 1]);
            int size = pair ? 2 : 1;
            if (units + size > offset)
                break;
            units += size;
            points++;
        }
        return points;
    }
}
