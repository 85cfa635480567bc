using System.Runtime.InteropServices;

namespace GauRuntime.Text;

/// <summary>A piece of a text, in UTF-16 units.</summary>
/// <param name="Start">Its first unit.</param>
/// <param name="End">Behind its last.</param>
internal readonly record struct TextPiece(int Start, int End);

/// <summary>
/// Cuts a text into windows that overlap and together cover it: between sentences where it can, else between words,
/// else between characters. Begins and ends of windows ascend.
/// </summary>
/// <remarks>
/// A window has more than half of the tokens it has room for, but the last; two windows begin more than half of a
/// stride apart. Linear in the text where the stride is a share of the window. Used again for one text after another;
/// not thread-safe.
/// </remarks>
internal sealed class WindowCuts
{
    private readonly List<TextPiece> pieces = [];
    private readonly EncodedText tokens = new();   // of a window, and one more

    /// <summary>The windows of the last text, at least one.</summary>
    public ReadOnlySpan<TextPiece> Pieces => CollectionsMarshal.AsSpan(pieces);

    /// <summary>Cuts a text.</summary>
    /// <param name="tokenizer">Counts the tokens.</param>
    /// <param name="text">UTF-16, well-formed or not.</param>
    /// <param name="room">Tokens of the text in a window at most, at least 1.</param>
    /// <param name="stride">
    /// Tokens between the beginnings of two windows at most, from 1 to <paramref name="room"/>.
    /// </param>
    /// <param name="most">Windows at most.</param>
    /// <returns>False where there would be more.</returns>
    public bool TryCut(GauTokenizer tokenizer, ReadOnlySpan<char> text, int room, int stride, int most)
    {
        pieces.Clear();
        int start = 0, end = 0;
        while (true)
        {
            ReadOnlySpan<char> rest = text[start..];
            tokenizer.EncodeBeginning(rest, tokens, room + 1);
            if (tokens.Count <= room)
                break;
            int last = CutBefore(tokenizer, rest, Math.Max(room / 2, TokensUntil(end - start)) + 1, room);
            int cut = start + Place(last);
            if (cut > end)
            {
                if (pieces.Count + 1 >= most)
                    return false;
                pieces.Add(new TextPiece(start, cut));
                end = cut;
            }
            start = Math.Min(
                end, start + Place(CutBefore(tokenizer, rest, stride / 2 + 1, Math.Min(stride, last))));
        }
        pieces.Add(new TextPiece(start, text.Length));
        return true;
    }

    // Where the window's tokens up to this one end and the next begins; never at the window's own beginning.
    private int Place(int token)
    {
        ReadOnlySpan<TokenSpan> spans = tokens.Spans;
        return spans[token].Start > spans[0].Start ? spans[token].Start : spans[token].End;
    }

    // The last token in a range, from both ends, before which a sentence ends, or a word, or a character.
    private int CutBefore(GauTokenizer tokenizer, ReadOnlySpan<char> text, int from, int to)
    {
        ReadOnlySpan<TokenSpan> spans = tokens.Spans;
        int word = 0, character = 0;
        for (int token = to; token >= from; token--)
        {
            TokenSpan before = spans[token - 1], next = spans[token];
            if (next.Start < before.End)
                continue;
            if (SentenceEnds.IsBefore(text, next.Start))
                return token;
            character = Math.Max(character, token);
            if (next.Start > before.End || !tokenizer.IsContinuation(tokens.Ids[token]))
                word = Math.Max(word, token);
        }
        return word > 0 ? word : character > 0 ? character : to;
    }

    // Tokens that begin before a place of the window.
    private int TokensUntil(int place)
    {
        ReadOnlySpan<TokenSpan> spans = tokens.Spans;
        int count = 0;
        while (count < spans.Length - 2 && spans[count].Start < place)
            count++;
        return count;
    }
}
