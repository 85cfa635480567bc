using System.Text;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Text;

/// <summary>Reads a text word by word: lower case, NFD, marks stripped, punctuation and ideographs apart.</summary>
/// <remarks>
/// One pass over the text, whatever the length of its words: a word longer than the buffer is read on but not kept.
/// The buffers are the caller's, of [longest word + 1] code points.
/// </remarks>
internal ref partial struct WordReader(
    ReadOnlySpan<char> text,
    CharacterRules rules,
    TokenMatcher? wholes,
    Span<int> points,
    Span<int> starts,
    Span<int> ends)
{
    private readonly ReadOnlySpan<char> text = text;
    private readonly CharacterRules rules = rules;
    private readonly Span<int> points = points;  // code points of the word
    private readonly Span<int> starts = starts;  // UTF-16 start in the text of each
    private readonly Span<int> ends = ends;      // UTF-16 end in the text of each
    private int at;                              // next UTF-16 unit to read
    private int run;                             // marks of the word from here on can still change places
    private bool isSimple;                       // a unit is a code point; only the first start is written down

    /// <summary>Code points of the word; the buffer's length if there are that many or more.</summary>
    internal int Length { get; private set; }

    /// <summary>UTF-16 offset one past the last code point of the word.</summary>
    internal int End { get; private set; }

    /// <summary>Id of the token that was read whole in place of a word, else −1.</summary>
    internal int WholeId { get; private set; }

    /// <summary>The word as a <see cref="PackedWord"/>, or 0.</summary>
    internal ulong Packed { get; private set; }

    /// <summary>UTF-16 offset behind the word, where the next is looked for.</summary>
    internal readonly int At => at;

    /// <summary>UTF-16 offset of the first unit of a code point of the word, or of the whole token.</summary>
    internal readonly int StartOf(int index) => isSimple ? starts[0] + index : starts[index];

    /// <summary>UTF-16 offset one past the last unit of a code point of the word.</summary>
    internal readonly int EndOf(int index) => isSimple ? starts[0] + index + 1 : ends[index];

    /// <summary>Reads the next word or whole token; false at the end of the text.</summary>
    internal bool Next() => Read(at);

    /// <summary>As <see cref="Next"/>, from a place on that lies in no word.</summary>
    internal bool Read(int from)
    {
        at = from;
        Length = 0;
        run = 0;
        WholeId = -1;
        Packed = 0;
        isSimple = false;
        Span<int> parts = stackalloc int[Decomposition.MaxLength];
        while (at < text.Length)
        {
            if (wholes is not null && wholes.TryMatch(text[at..], out int id, out int length))
            {
                if (Length == 0)
                    TakeWhole(id, length);
                return true;
            }
            int point = text[at], units = 1;
            if (char.IsSurrogate((char)point))
            {
                Rune.DecodeFromUtf16(text[at..], out Rune rune, out units);   // a lone one: U+FFFD, dropped
                point = rune.Value;
            }
            int start = at;
            CharacterKind kind = rules.Read(point, text, at, parts, out int partCount);
            if (Length > 0 && kind is CharacterKind.Isolated or CharacterKind.Space)
                return true;
            at += units;
            switch (kind)
            {
                case CharacterKind.Isolated:
                    Append(parts[0], start);
                    return true;
                case CharacterKind.Plain:
                    foreach (int part in parts[..partCount])
                        Append(part, start);
                    break;
                case CharacterKind.Mark when Decomposition.IsStarterMark(point):
                // dropped after NFD, before it by Hugging Face
                case CharacterKind.Dropped when rules.Dialect == Dialect.Keras:
                    run = Length;
                    break;
            }
        }
        return Length > 0;
    }

    private void TakeWhole(int id, int units)
    {
        starts[0] = at;
        at += units;
        End = at;
        WholeId = id;
    }

    /// <summary>Adds a code point of [<paramref name="start"/>, at) to the word, in canonical order.</summary>
    private void Append(int point, int start)
    {
        End = at;
        if (Length == points.Length)
            return;
        int rank = rules.RankOf(point), slot = Length;
        while (rank > 0 && slot > run && rules.RankOf(points[slot - 1]) > rank)
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
