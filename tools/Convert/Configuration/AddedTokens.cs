using System.Globalization;
using GauRuntime.Weights;

namespace GauRuntime.Convert.Configuration;

/// <summary>Tokens that were added to a vocabulary: by name and id, from three files that must agree.</summary>
internal sealed class AddedTokens
{
    private const int MaxId = 10_000_000;
    private readonly SortedDictionary<int, string> names = [];
    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);

    private AddedTokens()
    {
    }

    /// <summary>The tokens in the order of their ids, those of the vocabulary included.</summary>
    public IReadOnlyDictionary<int, string> Names => names;

    /// <summary>Reads all three.</summary>
    /// <exception cref="GauFormatException">
    /// They contradict each other or the vocabulary, leave ids out, or want a token matched in a way that is not done.
    /// </exception>
    public static AddedTokens Read(TokenizerFiles files, IReadOnlyList<string> vocabulary, string vocabularyPath)
    {
        AddedTokens added = new();
        Dictionary<string, int> known = new(StringComparer.Ordinal);
        for (int id = 0; id < vocabulary.Count; id++) known.Add(vocabulary[id], id);
        int next = vocabulary.Count;
        foreach ((int id, string name, ConfigFile file, string key) in Entries(files).OrderBy(entry => entry.Id))
        {
            if (name.Length == 0) throw file.Fault(key, "a token without a name");
            if (name.Contains('\n', StringComparison.Ordinal)) throw file.Fault(key, "a line feed in a token");
            string? there = id < vocabulary.Count ? vocabulary[id] : added.names.GetValueOrDefault(id);
            if (there is not null && there != name)
                throw file.Fault(key, $"'{name}' has the id {id}, but that is '{there}' in {vocabularyPath} or elsewhere");
            if ((known.TryGetValue(name, out int other) || added.ids.TryGetValue(name, out other)) && other != id)
                throw file.Fault(key, $"'{name}' has the id {id}, but also the id {other}");
            if (id > next)
                throw file.Fault(
                    key, $"'{name}' has the id {id}, but {vocabularyPath} and the added tokens end before {next}");
            if (id == next) next++;
            added.names[id] = name;
            added.ids[name] = id;
        }
        foreach ((string name, ConfigFile file, string key) in files.FurtherSpecials())
        {
            if (!known.TryGetValue(name, out int id) && !added.ids.TryGetValue(name, out id))
                throw file.Fault(key, $"'{name}' is neither in {vocabularyPath} nor among the added tokens");
            added.names[id] = name;
        }
        return added;
    }

    private static IEnumerable<(int Id, string Name, ConfigFile File, string Key)> Entries(TokenizerFiles files)
    {
        if (files.Added is { } list)
            foreach ((string name, int id) in list.Integers(0, MaxId)) yield return (id, name, list, name);
        if (files.Decoder is { } decoder)
            foreach ((string key, ConfigFile token) in decoder.MemberObjects())
            {
                if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id) || id > MaxId)
                    throw decoder.Fault(key, "this is no id");
                yield return (id, Whole(token), decoder, key);
            }
        foreach (ConfigFile token in files.Fast?.Added ?? [])
            yield return (token.Required(0, MaxId, "id"), Whole(token), token, "content");
    }

    /// <summary>The name of a token that is matched wherever a text has it.</summary>
    private static string Whole(ConfigFile token)
    {
        string name = token.Text("content") ?? throw token.Fault("content", "missing");
        foreach (string flag in (string[])["single_word", "lstrip", "rstrip"])
            if (token.Flag(flag) == true)
                throw token.Fault(flag, $"true, for the token '{name}', is not supported");
        return name;
    }
}
