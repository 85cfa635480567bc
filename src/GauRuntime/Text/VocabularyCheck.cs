namespace GauRuntime.Text;

/// <summary>What a vocabulary must hold before anything is built from it.</summary>
internal static class VocabularyCheck
{
    /// <summary>Finds the special tokens by name.</summary>
    /// <exception cref="ArgumentException">
    /// A token is null, empty or there twice, or a special one is missing.
    /// </exception>
    internal static SpecialTokens FindSpecials(IReadOnlyList<string> vocabulary, string parameter)
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
        return new SpecialTokens(
            Find(SpecialTokens.PadName), Find(SpecialTokens.UnknownName), Find(SpecialTokens.ClsName),
            Find(SpecialTokens.SepName), Find(SpecialTokens.MaskName));

        int Find(string name) => ids.TryGetValue(name, out int id)
            ? id
            : throw new ArgumentException($"the vocabulary has no {name}", parameter);
    }
}
