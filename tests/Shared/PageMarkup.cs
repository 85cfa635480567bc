using System.Text.RegularExpressions;

namespace GauRuntime.TestSupport;

/// <summary>A page of HTML, looked at as text.</summary>
internal static partial class PageMarkup
{
    /// <summary>The classes of its elements for which its style sheet has no rule.</summary>
    public static IEnumerable<string> ClassesWithoutRule(string page)
    {
        int start = page.IndexOf("<style>", StringComparison.Ordinal);
        string sheet = page[start..page.IndexOf("</style>", start, StringComparison.Ordinal)];
        return Class().Matches(page).SelectMany(match => match.Groups[1].Value.Split(' ')).Distinct()
            .Where(name => !Regex.IsMatch(sheet, $@"\.{Regex.Escape(name)}[\s:,.>]"));
    }

    [GeneratedRegex(" class=\"([^\"]+)\"")]
    private static partial Regex Class();
}
