using System.Runtime.CompilerServices;

namespace GauRuntime.Text;

/// <content>
/// From words to tokens. What most characters are to a word stands in a table: ideographs and punctuation go from there
/// to their tokens, words of letters through it. All others are read by a <see cref="WordReader"/>.
/// </content>
public sealed partial class GauTokenizer
{
    private CharacterTable CharactersBesideSpecials =>
        charactersBesideSpecials ??= new CharacterTable(rules, pieces, UnknownId, withSpecials);

    /// <summary>
    /// Adds the first <paramref name="room"/> tokens of a text, without [CLS] and [SEP]; returns how many it has, or
    /// where it <paramref name="stops"/> behind them, at least as many as it has up to there.
    /// </summary>
    /// <param name="text">UTF-16, well-formed or not.</param>
    /// <param name="textIndex">0, or 1 for the second of a pair.</param>
    /// <param name="into">Receives the tokens; null where there is no room.</param>
    /// <param name="room">Most tokens.</param>
    /// <param name="parseSpecial">Whether special tokens in the text are read whole.</param>
    /// <param name="stops">Whether the rest of the text is left unread.</param>
    [SkipLocalsInit]
    private int Tokenize(
        ReadOnlySpan<char> text, int textIndex, EncodedText? into, int room, bool parseSpecial, bool stops = false)
    {
        CharacterTable characters = parseSpecial ? CharactersBesideSpecials : this.characters;
        Span<int> buffer = stackalloc int[5 * (KerasLongestWord + 1)];
        int size = longestWord + 1, count = 0, most = stops ? room : int.MaxValue;
        Span<int> points = buffer[..size], starts = buffer.Slice(size, size), ends = buffer.Slice(2 * size, size);
        Span<int> ids = buffer.Slice(3 * size, size), pieceEnds = buffer.Slice(4 * size, size);
        WordReader reader = new(text, rules, parseSpecial ? withSpecials : always, points, starts, ends);
        for (int at = 0; at < text.Length && count < most;)
        {
            int entry = characters[text[at]];
            if (CharacterTable.IsWord(entry))
            {
                if (count++ < room)
                    into!.Add(CharacterTable.Token(entry), textIndex, at, at + 1);
                at++;
                continue;
            }
            if (CharacterTable.IsSpace(entry))
            {
                at++;
                continue;
            }
            if (!reader.TryReadLetters(at, characters) && !reader.Read(at))
                break;
            at = reader.At;
            int id = reader.WholeId < 0 ? pieces.Find(reader.Packed) : reader.WholeId, pieceCount = 0;
            if (id < 0 && reader.Length <= longestWord)
                pieceCount = pieces.Split(points[..reader.Length], ids, pieceEnds);
            if (pieceCount == 0)
            {
                if (count++ < room)
                    into!.Add(id < 0 ? UnknownId : id, textIndex, reader.StartOf(0), reader.End);
                continue;
            }
            for (int piece = 0, start = 0; piece < pieceCount; start = pieceEnds[piece++])
                if (count++ < room)
                    into!.Add(
                        ids[piece], textIndex, reader.StartOf(start), reader.EndOf(pieceEnds[piece] - 1));
        }
        return count;
    }
}
