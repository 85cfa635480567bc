using System.Globalization;
using System.Text;

namespace GauRuntime.Weights;

/// <summary>Makes text from files and command lines safe to print inside a one-line message.</summary>
internal static class Printable
{
    private const int Longest = 300;

    /// <summary>
    /// Escapes control and format characters (which could reorder a line) and shortens what is longer than 300
    /// characters.
    /// </summary>
    public static string OneLine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder line = new(Math.Min(text.Length, Longest));
        foreach (char c in text)
        {
            if (line.Length >= Longest)
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
