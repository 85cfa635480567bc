using System.Text;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Text;

/// <summary>Reads a text word by word: lower case, NFD, marks stripped, punctuation and ideographs apart.</summary>
/// <remarks>
/// One pass over the text, whatever the length of its words: a word longer than the buffer is read on but not kept.
/// The buffers are the caller's, of [longest word + 1] code points.
/// </remarks>
internal ref struct WordReader(
    ReadOnlySpan<char> text,
    bool lowerCase,
    Dialect rules,
    SpecialTokens? specials,
    Span<int> points,
    Span<int> starts,
    Span<int> ends)
{
    private readonly ReadOnlySpan<char> _text = text;
    private readonly Span<int> _points = points;  // code points of the word
    private readonly Span<int> _starts = starts;  // UTF-16 start in the text of each
    private readonly Span<int> _ends = ends;      // UTF-16 end in the text of each
    private int _at;                              // next UTF-16 unit to read
    private int _run;                             // marks of the word from here on can still change places

    /// <summary>Code points of the word; the buffer's length if there are that many or more.</summary>
    internal int Length { get; private set; }

    /// <summary>UTF-16 offset one past the last code point of the word.</summary>
    internal int End { get; private set; }

    /// <summary>Id of the special token that was read in place of a word, else −1.</summary>
    internal int SpecialId { get; private set; }

    /// <summary>UTF-16 offset of the first code point of the word.</summary>
    internal readonly int Start => _starts[0];

    /// <summary>Reads the next word or special token; false at the end of the text.</summary>
    internal bool Next()
    {
        Length = 0;
        _run = 0;
        SpecialId = -1;
        Span<int> parts = stackalloc int[Decomposition.MaxLength];
        while (_at < _text.Length)
        {
            int point = _text[_at], units = 1;
            if (char.IsSurrogate((char)point))
            {
                Rune.DecodeFromUtf16(_text[_at..], out Rune rune, out units);   // a lone one: U+FFFD, which is dropped
                point = rune.Value;
            }
            else if (point == '[' && specials is not null
                && specials.TryMatch(_text[_at..], out int id, out int length))
            {
                if (Length == 0)
                    TakeSpecial(id, length);
                return true;
            }
            int start = _at, partCount = 1;
            CharacterKind kind = CharacterKinds.Of(point, rules);
            if (!lowerCase)
                parts[0] = point;
            else if (kind is CharacterKind.Plain or CharacterKind.Isolated)
            {
                partCount = Decomposition.Decompose(LowerCase.Of(point, _text, _at, rules), parts);
                if (partCount == 1 && parts[0] != point)
                    kind = CharacterKinds.Of(parts[0], rules);    // U+2260 is = and a stroke: punctuation
            }
            if (Length > 0 && kind is CharacterKind.Isolated or CharacterKind.Space)
                return true;
            _at += units;
            switch (kind)
            {
                case CharacterKind.Isolated:
                    Append(parts[0], start);
                    return true;
                case CharacterKind.Plain:
                case CharacterKind.Mark when !lowerCase:
                    foreach (int part in parts[..partCount])
                        Append(part, start);
                    break;
                case CharacterKind.Mark when Decomposition.IsStarterMark(point):
                // dropped after NFD, before it by Hugging Face
                case CharacterKind.Dropped when rules == Dialect.Keras:
                    _run = Length;
                    break;
            }
        }
        return Length > 0;
    }

    private void TakeSpecial(int id, int units)
    {
        _starts[0] = _at;
        _at += units;
        End = _at;
        SpecialId = id;
    }

    /// <summary>Adds a code point of [<paramref name="start"/>, _at) to the word, in canonical order.</summary>
    private void Append(int point, int start)
    {
        End = _at;
        if (Length == _points.Length)
            return;
        int rank = lowerCase ? Decomposition.CombiningClass(point) : 0, slot = Length;
        while (rank > 0 && slot > _run && Decomposition.CombiningClass(_points[slot - 1]) > rank)
            slot--;
        _points[slot..Length].CopyTo(_points[(slot + 1)..]);
        _points[slot] = point;
        _starts[Length] = start;
        _ends[Length++] = _at;
        if (slot < Length - 1)     // reordered marks share the span of their run, so that spans stay in order
        {
            _starts[_run..Length].Fill(_starts[_run]);
            _ends[_run..Length].Fill(_at);
        }
        if (rank == 0)
            _run = Length;
    }
}
