using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Text;

/// <summary>What a vocabulary must hold before anything is built from it.</summary>
internal static class VocabularyCheck
{
    /// <summary>The id of every token.</summary>
    /// <exception cref="ArgumentException">A token is null, empty or there twice.</exception>
    internal static Dictionary<string, int> Ids(IReadOnlyList<string> vocabulary, string parameter)
    {
        var ids = new Dictionary<string, int>(vocabulary.Count, StringComparer.Ordinal);
        for (int id = 0; id < vocabulary.Count; id++)
        {
            if (string.IsNullOrEmpty(vocabulary[id]))
                throw new ArgumentException($"the vocabulary's token {id} is empty", parameter);
            if (!ids.TryAdd(vocabulary[id], id))
                throw new ArgumentException(
                    $"the vocabulary's token {id} is the same as token {ids[vocabulary[id]]}", parameter);
        }
        return ids;
    }

    /// <summary>Finds the special tokens by name.</summary>
    /// <exception cref="ArgumentException">One is missing.</exception>
    internal static SpecialTokens FindSpecials(Dictionary<string, int> ids, SpecialTokenNames names, string parameter)
    {
        return new SpecialTokens(
            Find(names.Pad), Find(names.Unknown), Find(names.Cls), Find(names.Sep), Find(names.Mask));

        int Find(string name) => ids.TryGetValue(name, out int id)
            ? id
            : throw new ArgumentException($"the vocabulary has no {name}", parameter);
    }

    /// <summary>The tokens that are always read whole.</summary>
    /// <exception cref="ArgumentException">One is not in the vocabulary.</exception>
    internal static Dictionary<string, int> FindAdded(
        Dictionary<string, int> ids, TokenizerConfig config, string parameter) =>
        (config.AddedTokens ?? []).ToDictionary(
            name => name,
            name => ids.TryGetValue(name ?? "", out int id)
                ? id
                : throw new ArgumentException($"the vocabulary has no {name}", parameter),
            StringComparer.Ordinal);

    /// <summary>
    /// The special tokens by their names, and by BERT's where the vocabulary calls them otherwise and holds no other
    /// token of that name.
    /// </summary>
    internal static Dictionary<string, int> NamesOf(
        SpecialTokens specials, Dictionary<string, int> ids, TokenizerConfig config)
    {
        Dictionary<string, int> names = config.Names.All.Zip(specials.All)
            .ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        foreach ((string name, int id) in SpecialTokenNames.Default.All.Zip(specials.All))
            if (!ids.ContainsKey(name))
                names.TryAdd(name, id);
        return names;
    }
}
