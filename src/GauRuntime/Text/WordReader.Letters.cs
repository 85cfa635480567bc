namespace GauRuntime.Text;

/// <content>Words of characters that are letters wherever they stand: most words.</content>
internal ref partial struct WordReader
{
    /// <summary>
    /// Reads the word that begins at <paramref name="from"/> as <see cref="Read"/> would. False, and nothing is read,
    /// where the table does not know all of it, or it is longer than any word that is kept.
    /// </summary>
    internal bool TryReadLetters(int from, CharacterTable characters)
    {
        int end = from, length = 0, seen = 0;
        ulong packed = 0;
        for (; end < text.Length; end++)
        {
            int entry = characters[text[end]];
            if (!CharacterTable.IsLetter(entry))
            {
                if (CharacterTable.IsOther(entry))
                    return false;
                break;
            }
            if (length >= points.Length - 1)
                return false;
            int letter = CharacterTable.Letter(entry);
            points[length++] = letter;
            packed = PackedWord.Append(packed, letter);
            seen |= letter;
        }
        Length = length;
        WholeId = -1;
        Packed = length <= PackedWord.MaxLength && seen <= PackedWord.LastCharacter ? packed : 0;
        starts[0] = from;
        isSimple = true;
        End = at = end;
        return true;
    }
}
