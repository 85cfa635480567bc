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
    TokenizerConfig config,
    TokenMatcher? wholes,
    Span<int> points,
    Span<int> starts,
    Span<int> ends)
{
    private readonly ReadOnlySpan<char> text = text;
    private readonly Dialect rules = config.Rules;
    private readonly bool lowerCase = config.LowerCase, stripAccents = config.StripsAccents;
    private readonly bool joinIdeographs = config.JoinIdeographs;
    private readonly Span<int> points = points;  // code points of the word
    private readonly Span<int> starts = starts;  // UTF-16 start in the text of each
    private readonly Span<int> ends = ends;      // UTF-16 end in the text of each
    private int at;                              // next UTF-16 unit to read
    private int run;                             // marks of the word from here on can still change places

    /// <summary>Code points of the word; the buffer's length if there are that many or more.</summary>
    internal int Length { get; private set; }

    /// <summary>UTF-16 offset one past the last code point of the word.</summary>
    internal int End { get; private set; }

    /// <summary>Id of the token that was read whole in place of a word, else −1.</summary>
    internal int WholeId { get; private set; }

    /// <summary>UTF-16 offset of the first code point of the word.</summary>
    internal readonly int Start => starts[0];

    /// <summary>Reads the next word or whole token; false at the end of the text.</summary>
    internal bool Next()
    {
        Length = 0;
        run = 0;
        WholeId = -1;
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
            int start = at, partCount = 1;
            CharacterKind kind = KindOf(point);
            parts[0] = point;
            if (kind is CharacterKind.Plain or CharacterKind.Isolated)
            {
                partCount = Normalize(point, parts);
                if (partCount == 1 && parts[0] != point)
                    kind = KindOf(parts[0]);    // U+2260 is = and a stroke: punctuation
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
                case CharacterKind.Mark when !stripAccents:
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

    /// <summary>Lower case and decomposition of a character at <see cref="at"/>, as far as they are on.</summary>
    private readonly int Normalize(int point, Span<int> parts)
    {
        if (stripAccents)
            return Decomposition.Decompose(lowerCase ? LowerCase.Of(point, text, at, rules) : point, parts);
        if (lowerCase)
            return LowerCase.WithMark(point, text, at, rules, parts);
        parts[0] = point;
        return 1;
    }

    private readonly CharacterKind KindOf(int point) =>
        joinIdeographs && CharacterKinds.IsIdeograph(point) ? CharacterKind.Plain : CharacterKinds.Of(point, rules);

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
        int rank = stripAccents ? Decomposition.CombiningClass(point) : 0, slot = Length;
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
