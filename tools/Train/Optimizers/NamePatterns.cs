using System.Text.RegularExpressions;
using GauRuntime.Tools;

namespace GauRuntime.Train.Optimizers;

/// <summary>Regular expressions that pick parameters by name.</summary>
internal static class NamePatterns
{
    /// <summary>Which names none of the expressions is found in.</summary>
    /// <param name="option">What the expressions were given as.</param>
    /// <param name="patterns">The expressions.</param>
    /// <param name="names">The names, such as <c>layers.0.ffn.output.bias</c>.</param>
    /// <exception cref="ToolException">One is malformed, or found in no name.</exception>
    public static bool[] Others(string option, IReadOnlyList<string> patterns, IEnumerable<string> names)
    {
        string[] all = [.. names];
        bool[] others = new bool[all.Length];
        Array.Fill(others, true);
        foreach (string pattern in patterns)
        {
            Regex expression = Parse(option, pattern);
            int found = 0;
            for (int i = 0; i < all.Length; i++)
            {
                if (!expression.IsMatch(all[i]))
                    continue;
                others[i] = false;
                found++;
            }
            if (found == 0)
                throw new ToolException(
                    ExitCode.Usage, $"{option}: '{pattern}' is found in no name of a tensor, such as {all[^1]}");
        }
        return others;
    }

    private static Regex Parse(string option, string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw new ToolException(
                ExitCode.Usage, $"{option}: '{pattern}' is no regular expression that can be used: {fault.Message}");
        }
    }
}
