namespace GauRuntime.Tools.Shell;

/// <summary>Finds the word that somebody meant who typed another.</summary>
internal static class Nearest
{
    private const int Longest = 64;
    private const int ShortestPart = 2;

    /// <summary>A question to end a message with, or nothing where no word is near.</summary>
    public static string Question(string typed, IEnumerable<string> known) =>
        Of(typed, known) is { } near ? $"; did you mean '{near}'?" : "";

    /// <summary>
    /// The word of the fewest slips, if they are few for its length; or the only one that begins so, or as it begins.
    /// </summary>
    public static string? Of(string typed, IEnumerable<string> known)
    {
        if (typed.Length > Longest)
            return null;
        string[] words = [.. known];
        (string? word, int slips) = words
            .Select(word => (word, Slips(typed.ToUpperInvariant(), word.ToUpperInvariant())))
            .DefaultIfEmpty((null!, int.MaxValue)).MinBy(found => found.Item2);
        if (slips <= Math.Max(1, (typed.Trim('-').Length + 1) / 3))
            return word;
        string[] alike = [.. words.Where(word => IsPart(typed, word) || IsPart(word, typed))];
        return alike.Length == 1 ? alike[0] : null;
    }

    private static bool IsPart(string part, string word) =>
        part.Trim('-').Length >= ShortestPart && word.StartsWith(part, StringComparison.OrdinalIgnoreCase);

    // Characters to insert, leave out, replace, or swap with the next.
    private static int Slips(string a, string b)
    {
        int[,] slips = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    slips[i, j] = i + j;
                    continue;
                }
                int replaced = slips[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                slips[i, j] = Math.Min(replaced, 1 + Math.Min(slips[i - 1, j], slips[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    slips[i, j] = Math.Min(slips[i, j], slips[i - 2, j - 2] + 1);
            }
        }
        return slips[a.Length, b.Length];
    }
}
