using System.Runtime.CompilerServices;

namespace GauRuntime.Text;

/// <summary>What every UTF-16 unit is to a word, where that does not depend on what stands around it.</summary>
/// <remarks>
/// Entries are made when they are first asked for, and kept. Thread-safe: whoever makes an entry makes the same.
/// </remarks>
/// <param name="rules">What becomes of characters.</param>
/// <param name="pieces">The vocabulary.</param>
/// <param name="unknown">Id of a word that is not in it.</param>
/// <param name="wholes">Tokens that are read whole, or null: nothing is known of a unit that may begin one.</param>
internal sealed class CharacterTable(CharacterRules rules, WordPieces pieces, int unknown, TokenMatcher? wholes)
{
    private const int Unread = 0, Space = -1, Other = -2, Letters = int.MinValue;

    // Above 0: a word of its own, its token's id + 1. Below Other: a letter, Letters + what it becomes.
    private readonly int[] entries = new int[char.MaxValue + 1];

    /// <summary>What a unit is: an entry, of which the methods below tell more.</summary>
    internal int this[char unit]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => entries[unit] is not Unread and var entry ? entry : entries[unit] = Make(unit);
    }

    /// <summary>Whether it is a word of its own.</summary>
    internal static bool IsWord(int entry) => entry > Unread;

    /// <summary>The token of a word of its own.</summary>
    internal static int Token(int entry) => entry - 1;

    /// <summary>Whether it ends a word, and is nothing else.</summary>
    internal static bool IsSpace(int entry) => entry == Space;

    /// <summary>Whether it is a part of a word, wherever it stands.</summary>
    internal static bool IsLetter(int entry) => entry < Other;

    /// <summary>Whether only a <see cref="WordReader"/> can tell.</summary>
    internal static bool IsOther(int entry) => entry == Other;

    /// <summary>The code point that a letter becomes, of one unit.</summary>
    internal static int Letter(int entry) => entry - Letters;

    private int Make(char unit)
    {
        if (char.IsSurrogate(unit) || LowerCase.LooksAround(unit) || wholes?.MayBegin(unit) == true)
            return Other;
        Span<int> parts = stackalloc int[Decomposition.MaxLength];
        return rules.Read(unit, [unit], 0, parts, out int count) switch
        {
            CharacterKind.Isolated => TokenOf(parts[..1]) + 1,
            CharacterKind.Space => Space,
            CharacterKind.Plain when count == 1 && parts[0] <= char.MaxValue && rules.RankOf(parts[0]) == 0 =>
                Letters + parts[0],
            _ => Other,
        };
    }

    private int TokenOf(ReadOnlySpan<int> word)
    {
        int id = 0, end = 0;
        return pieces.Split(word, new Span<int>(ref id), new Span<int>(ref end)) == 0 ? unknown : id;
    }
}
