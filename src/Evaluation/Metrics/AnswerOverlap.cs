using System.Buffers;
using System.Text;

namespace GauRuntime.Evaluation.Metrics;

/// <summary>How near an answer comes to the right one, as the evaluation of CMRC 2018 says.</summary>
/// <remarks>
/// Lower case, white space at both ends and punctuation removed. Exact: the rest is equal. F1: of the longest run of
/// units in common, units being Chinese characters and, between them, words.
/// </remarks>
internal static class AnswerOverlap
{
    // The script lists the ellipsis as two characters, and so finds none.
    private const string Punctuation = "-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』";

    private static readonly SearchValues<char> Removed = SearchValues.Create(Punctuation);

    public static bool IsExact(string truth, string answer) => Plain(truth) == Plain(answer);

    public static double F1(string truth, string answer)
    {
        List<string> a = Units(truth), b = Units(answer);
        int common = LongestRun(a, b);
        return common == 0 ? 0 : 2.0 * common / (a.Count + b.Count);
    }

    private static string Plain(string text) =>
        string.Concat(text.ToLowerInvariant().Trim().Where(c => !Removed.Contains(c)));

    private static List<string> Units(string text)
    {
        List<string> units = [];
        StringBuilder word = new();
        void Close()
        {
            AddWords(word.ToString(), units);
            word.Clear();
        }

        foreach (char c in Plain(text))
        {
            if (c is not (>= '\u4e00' and <= '\u9fa5'))
            {
                word.Append(c);
                continue;
            }
            Close();
            units.Add(c.ToString());
        }
        Close();
        return units;
    }

    // Words of letters, digits, and points and apostrophes inside; any other sign is a unit of its own.
    private static void AddWords(string text, List<string> units)
    {
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            bool inside = i < text.Length && (IsWord(text[i])
                || text[i] is '.' or ',' or '\'' && i > start && i + 1 < text.Length && IsWord(text[i + 1]));
            if (inside)
                continue;
            if (i > start)
                units.Add(text[start..i]);
            if (i < text.Length && !char.IsWhiteSpace(text[i]))
                units.Add(text[i].ToString());
            start = i + 1;
        }
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c);

    private static int LongestRun(List<string> a, List<string> b)
    {
        int[] row = new int[b.Count + 1];   // length of the run that ends before (i, j)
        int longest = 0;
        foreach (string unit in a)
        {
            for (int j = b.Count; j > 0; j--)
            {
                row[j] = unit == b[j - 1] ? row[j - 1] + 1 : 0;
                longest = Math.Max(longest, row[j]);
            }
        }
        return longest;
    }
}
