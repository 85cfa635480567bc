using System.Globalization;
using System.Text.RegularExpressions;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>Usual names of the files of a checkpoint in several: <c>model-00001-of-00002.safetensors</c>.</summary>
internal static partial class ShardName
{
    /// <summary>Whether a file is one of two or more.</summary>
    public static bool IsPart(string path) => Shape().Match(Path.GetFileName(path)) is { Success: true } match
        && int.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture) > 1;

    /// <summary>What the index beside such a file is usually called: <c>model.safetensors.index.json</c>.</summary>
    public static string IndexOf(string path)
    {
        Match match = Shape().Match(Path.GetFileName(path));
        return $"{match.Groups["stem"].Value}{match.Groups["extension"].Value}.index.json";
    }

    [GeneratedRegex(
        "^(?<stem>.+)-[0-9]{5}-of-(?<count>[0-9]{5})(?<extension>\\.[A-Za-z0-9]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
