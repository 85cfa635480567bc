namespace GauRuntime.Text;

/// <summary>A short word of ASCII as one number, a byte for each character.</summary>
internal static class PackedWord
{
    /// <summary>Most characters.</summary>
    internal const int MaxLength = sizeof(ulong);

    /// <summary>The last of the characters that it can hold.</summary>
    internal const int LastCharacter = 0x7F;

    /// <summary>The word with one more character, which is ASCII and not U+0000.</summary>
    internal static ulong Append(ulong word, int character) => word << 8 | (uint)character;

    /// <summary>The number of a token; 0 where it cannot be packed, or where no word is written so.</summary>
    internal static ulong Of(string token)
    {
        if (token.Length > MaxLength || token[0] == '#')   // a word of its own, so that no longer one begins with it
            return 0;
        ulong word = 0;
        foreach (char unit in token)
        {
            if (unit is '\0' or > (char)LastCharacter)
                return 0;
            word = Append(word, unit);
        }
        return word;
    }
}
