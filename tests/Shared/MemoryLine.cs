namespace GauRuntime.TestSupport;

/// <summary>The line on stderr with which a run tells its memory.</summary>
internal static class MemoryLine
{
    private static readonly string[] Beginnings = ["memory: at most ", "{\"memory\":{"];

    /// <summary>Takes it out of what a run said.</summary>
    /// <returns>The line, empty where there is none, and everything else.</returns>
    public static (string Memory, string Others) Take(string error)
    {
        string[] lines = error.Split('\n');
        int place = Array.FindIndex(lines, line => Beginnings.Any(b => line.StartsWith(b, StringComparison.Ordinal)));
        return place < 0 ? ("", error) : (lines[place], string.Join('\n', [.. lines[..place], .. lines[(place + 1)..]]));
    }
}
