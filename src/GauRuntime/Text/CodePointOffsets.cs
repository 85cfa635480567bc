namespace GauRuntime.Text;

/// <summary>Turns UTF-16 offsets of a text into code-point offsets, as Python counts characters.</summary>
/// <remarks>
/// Ascending offsets cost one pass over the text in all; a smaller offset starts again from 0. A lone surrogate counts
/// as one.
/// </remarks>
/// <param name="text">The text the offsets belong to.</param>
public ref struct CodePointOffsets(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _units;
    private int _points;

    /// <summary>Code points that end at or before the UTF-16 offset <paramref name="offset"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The offset lies outside the text.</exception>
    public int At(int offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, _text.Length);
        if (offset < _units)
            (_units, _points) = (0, 0);
        while (_units < offset)
        {
            int size = _units + 1 < _text.Length && char.IsSurrogatePair(_text[_units], _text[_units + 1]) ? 2 : 1;
            if (_units + size > offset)
                break;
            _units += size;
            _points++;
        }
        return _points;
    }
}
