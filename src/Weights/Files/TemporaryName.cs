namespace GauRuntime.Weights.Files;

/// <summary>
/// The names that files have until they are complete: <c>NAME.tmp.</c> and random digits, and a word where one file is
/// made of several.
/// </summary>
internal static class TemporaryName
{
    private const string Mark = ".tmp.";
    private const int Digits = 32;

    /// <summary>A new name, beside the final one.</summary>
    /// <remarks>
    /// Not by process: those of two containers often have the same number. And nobody can lay a link under such a name.
    /// </remarks>
    public static string Of(string path) => $"{path}{Mark}{Guid.NewGuid():N}";

    /// <summary>A text with the names that the files will have.</summary>
    public static string Hide(string text)
    {
        for (int at = 0; (at = text.IndexOf(Mark, at, StringComparison.Ordinal)) >= 0;)
        {
            int end = at + Mark.Length;
            while (end < text.Length && char.IsAsciiHexDigitLower(text[end]))
                end++;
            if (end != at + Mark.Length + Digits)
            {
                at = end;
                continue;
            }
            // One in several files has a word behind it.
            if (end + 1 < text.Length && text[end] == '.' && char.IsAsciiLetterLower(text[end + 1]))
                for (end++; end < text.Length && char.IsAsciiLetterOrDigit(text[end]);)
                    end++;
            text = text[..at] + text[end..];
        }
        return text;
    }
}
