using System.Globalization;
using System.Text;

namespace GauRuntime.Tools.Shell;

/// <summary>Writes roff in the man(7) language, in ASCII.</summary>
internal sealed class RoffText
{
    private readonly StringBuilder text = new();

    public override string ToString() => text.ToString();

    /// <summary>A request such as <c>.SH NAME</c>; arguments are escaped, and quoted where they need it.</summary>
    public void Request(string name, params IEnumerable<string> arguments)
    {
        text.Append('.').Append(name);
        foreach (string argument in arguments)
            text.Append(" \"").Append(Escape(argument).Replace("\"", "\\(dq", StringComparison.Ordinal)).Append('"');
        text.Append('\n');
    }

    /// <summary>A line of text.</summary>
    public void Line(string line) => Raw(line is ['.' or '\'', ..] ? $"\\&{Escape(line)}" : Escape(line));

    /// <summary>A line that is roff already.</summary>
    public void Raw(string line) => text.Append(line).Append('\n');

    public static string Bold(string words) => $"\\fB{Escape(words)}\\fR";

    public static string Italic(string words) => $"\\fI{Escape(words)}\\fR";

    /// <summary>A text with nothing in it that roff would read.</summary>
    public static string Escape(string words)
    {
        StringBuilder escaped = new();
        foreach (Rune rune in words.EnumerateRunes())
        {
            if (rune.Value == '\\')
                escaped.Append("\\e");
            else if (rune.Value == '-')
                escaped.Append("\\-");
            else if (rune.IsAscii)
                escaped.Append(rune);
            else
                escaped.Append(CultureInfo.InvariantCulture, $"\\[u{rune.Value:X4}]");
        }
        return escaped.ToString();
    }
}
