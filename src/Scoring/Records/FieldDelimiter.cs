namespace GauRuntime.Scoring.Records;

/// <summary>What separates the fields of a CSV.</summary>
internal static class FieldDelimiter
{
    /// <summary>Whether a character can: one of ASCII but quote, line ends and NUL.</summary>
    public static bool IsPossible(char character) =>
        character is > '\0' and <= '\x7f' and not ('"' or '\r' or '\n');

    /// <summary>Reads a character, or a tab written as <c>\t</c> or <c>tab</c>; null where it is neither.</summary>
    public static char? Parse(string text) => text switch
    {
        "\\t" or "tab" => '\t',
        [var character] when IsPossible(character) => character,
        _ => null,
    };
}
