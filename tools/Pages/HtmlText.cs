using System.Text;

namespace GauRuntime.Tools.Pages;

/// <summary>Text for a page: nothing in it can be markup, and no character leaves it.</summary>
internal static class HtmlText
{
    /// <summary>For content and for attributes in quotes.</summary>
    public static string Escape(string text) => Escape(text.AsSpan());

    /// <inheritdoc cref="Escape(string)"/>
    public static string Escape(ReadOnlySpan<char> text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())   // half a surrogate pair comes as U+FFFD
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                '\n' or '\t' => escaped.Append((char)rune.Value),
                < 0x20 => escaped.Append((char)(0x2400 + rune.Value)),   // its picture
                0x7f => escaped.Append('\u2421'),
                >= 0x80 and < 0xa0 => escaped.Append('\ufffd'),
                _ => escaped.Append(rune.ToString()),
            };
        }
        return escaped.ToString();
    }
    /// <summary>An escaped text in which no line begins with a unit.</summary>
    public static string Unbroken(string text) => Escape(text).Replace(" %", "&nbsp;%", StringComparison.Ordinal);
}
