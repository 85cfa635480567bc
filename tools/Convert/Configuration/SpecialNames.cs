using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Configuration;

/// <summary>Reads what a vocabulary calls the special tokens.</summary>
internal static class SpecialNames
{
    /// <summary>
    /// The keys that name them, and the usual names, in the order of <see cref="SpecialTokenNames"/>.
    /// </summary>
    public static IReadOnlyList<(string Key, string Usual)> Keys { get; } =
    [
        .. ((string[])["pad_token", "unk_token", "cls_token", "sep_token", "mask_token"])
            .Zip(SpecialTokenNames.Default.All),
    ];

    /// <summary>The names; each is that of a token, and of one only.</summary>
    /// <exception cref="GauFormatException">One is missing from the vocabulary, or names two of them.</exception>
    public static SpecialTokenNames Read(
        TokenizerFiles files, string vocabularyPath, int lines, IReadOnlyDictionary<string, int> ids)
    {
        List<string> names = [];
        foreach ((string key, string usual) in Keys)
        {
            (string Name, ConfigFile File)? said = files.Special(key);
            string name = said?.Name ?? usual;
            if (!ids.ContainsKey(name))
                throw said is null
                    ? new GauFormatException(
                        vocabularyPath, $"line {lines} (the last)", $"the token {name} is missing")
                    : said.Value.File.Fault(key, $"the vocabulary {vocabularyPath} has no '{name}'");
            if (names.Contains(name))
                throw said is null
                    ? new GauFormatException(vocabularyPath, name, "another special token has this name too")
                    : said.Value.File.Fault(key, $"'{name}' is another special token too");
            names.Add(name);
        }
        return new SpecialTokenNames(names[0], names[1], names[2], names[3], names[4]);
    }
}
