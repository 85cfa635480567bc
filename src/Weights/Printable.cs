using System.Globalization;
using System.Text;

namespace GauRuntime.Weights;

/// <summary>Makes text from files and command lines safe to print inside a one-line message.</summary>
internal static class Printable
{
    private const int Longest = 300;

    /// <summary>The beginning of a text, at most so many characters, and <c>…</c> where more follows.</summary>
    public static string Shortened(string text, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)] + "…";
    }

    /// <summary>
    /// Escapes control and format characters (which could reorder a line) and shortens what is longer than 300
    /// characters.
    /// </summary>
    public static string OneLine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Line(text, Longest);
    }

    /// <summary>Escapes the same, and shortens nothing: for a line whose parts are short or whole.</summary>
    public static string Escaped(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Line(text, int.MaxValue);
    }

    private static string Line(string text, int most)
    {
        StringBuilder line = new(Math.Min(text.Length, most));
        foreach (char c in text)
        {
            if (line.Length >= most)
            {
                line.Append('…');
                break;
            }
            if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                line.Append(c);
        }
        return line.ToString();
    }
}
