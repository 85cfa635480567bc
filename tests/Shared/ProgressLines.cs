using System.Text.RegularExpressions;

namespace GauRuntime.TestSupport;

/// <summary>The lines of progress on stderr, of which a run says one every 30 s: on a busy machine any may.</summary>
internal static partial class ProgressLines
{
    /// <summary>What else a run said.</summary>
    public static string Without(string error) => Progress().Replace(error, "");

    [GeneratedRegex("""^(gau: [0-9]+ records, |\{"progress":\{).*\n""", RegexOptions.Multiline)]
    private static partial Regex Progress();
}
