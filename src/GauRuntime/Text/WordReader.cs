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
    private readonly ReadOnlySpan<char> text = text;
    private readonly Span<int> points = points;  // code points of the word
    private readonly Span<int> starts = starts;  // UTF-16 start in the text of each
    private readonly Span<int> ends = ends;      // UTF-16 end in the text of each
    private int at;                              // next UTF-16 unit to read
    private int run;                             // marks of the word from here on can still change places

    /// <summary>Code points of the word; the buffer's length if there are that many or more.</summary>
    internal int Length { get; private set; }

    /// <summary>UTF-16 offset one past the last code point of the word.</summary>
    internal int End { get; private set; }

    /// <summary>Id of the special token that was read in place of a word, else −1.</summary>
    internal int SpecialId { get; private set; }

    /// <summary>UTF-16 offset of the first code point of the word.</summary>
    internal readonly int Start => starts[0];

    /// <summary>Reads the next word or special token; false at the end of the text.</summary>
    internal bool Next()
    {
        Length = 0;
        run = 0;
        SpecialId = -1;
        Span<int> parts = stackalloc int[Decomposition.MaxLength];
        while (at < text.Length)
        {
            int point = text[at], units = 1;
            if (char.IsSurrogate((char)point))
            {
                Rune.DecodeFromUtf16(text[at..], out Rune rune, out units);   // a lone one: U+FFFD, dropped
                point = rune.Value;
            }
            else if (point == '[' && specials is not null
                && specials.TryMatch(text[at..], out int id, out int length))
            {
                if (Length == 0)
                    TakeSpecial(id, length);
                return true;
            }
            int start = at, partCount = 1;
            CharacterKind kind = CharacterKinds.Of(point, rules);
            if (!lowerCase)
                parts[0] = point;
            else if (kind is CharacterKind.Plain or CharacterKind.Isolated)
            {
                partCount = Decomposition.Decompose(LowerCase.Of(point, text, at, rules), parts);
                if (partCount == 1 && parts[0] != point)
                    kind = CharacterKinds.Of(parts[0], rules);    // U+2260 is = and a stroke: punctuation
            }
            if (Length > 0 && kind is CharacterKind.Isolated or CharacterKind.Space)
                return true;
            at += units;
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
                    run = Length;
                    break;
            }
        }
        return Length > 0;
    }

    private void TakeSpecial(int id, int units)
    {
        starts[0] = at;
        at += units;
        End = at;
        SpecialId = id;
    }

    /// <summary>Adds a code point of [<paramref name="start"/>, at) to the word, in canonical order.</summary>
    private void Append(int point, int start)
    {
        End = at;
        if (Length == points.Length)
            return;
        int rank = lowerCase ? Decomposition.CombiningClass(point) : 0, slot = Length;
        while (rank > 0 && slot > run && Decomposition.CombiningClass(points[slot - 1]) > rank)
            slot--;
        points[slot..Length].CopyTo(points[(slot + 1)..]);
        points[slot] = point;
        starts[Length] = start;
        ends[Length++] = at;
        if (slot < Length - 1)     // reordered marks share the span of their run, so that spans stay in order
        {
            starts[run..Length].Fill(starts[run]);
            ends[run..Length].Fill(at);
        }
        if (rank == 0)
            run = Length;
    }
}
