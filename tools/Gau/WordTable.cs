using System.Globalization;
using System.Text;
using GauRuntime.Tools;

namespace GauRuntime.Cli;

/// <summary>Tables to read: a name, then numbers in columns, then whatever is as wide as it is.</summary>
internal sealed class WordTable
{
    private const int NameWidth = 24;
    private const int NumberWidth = 12;

    private readonly StringBuilder text = new();

    /// <summary>Everything so far.</summary>
    public override string ToString() => text.ToString();

    /// <summary>Begins another table. A heading that begins with a space stands over no column of numbers.</summary>
    public void Header(string name, params ReadOnlySpan<string> columns)
    {
        Line();
        text.Append(name.PadRight(NameWidth));
        foreach (string column in columns)
            text.Append(column.StartsWith(' ') ? column : Cell(column));
        Line();
    }

    public void Row(string name, params ReadOnlySpan<string> cells)
    {
        text.Append(name.PadRight(NameWidth));
        foreach (string cell in cells)
            text.Append(cell);
        Line();
    }

    /// <summary>Text of any width, to the end of the line.</summary>
    public void Line(string words = "") => text.Append(words).Append('\n');

    public static string Cell(string value) => value.PadLeft(NumberWidth);

    public static string Cell(long number) => Cell(number.ToString(CultureInfo.InvariantCulture));

    public static string Cell(double number) => Cell(number.ToString("G4", CultureInfo.InvariantCulture));

    public static string Share(double? share) =>
        share is { } value ? Percent.Of(value, "0.00") : "–";
}
