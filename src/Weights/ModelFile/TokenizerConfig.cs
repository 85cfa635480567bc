using System.Text.Json.Serialization;

namespace GauRuntime.Weights.ModelFile;

/// <summary>How text becomes tokens: a BERT tokenizer of one upstream.</summary>
/// <remarks>
/// Stored as JSON under <c>gau.tokenizer</c> of a model file, keys other than the first two only where they say
/// something else than most tokenizers do. Immutable.
/// </remarks>
public sealed record TokenizerConfig
{
    /// <summary>Whether text is lower-cased first.</summary>
    public required bool LowerCase { get; init; }

    /// <summary>Hugging Face's rules (port), bert4keras' (keras) or Google's (google) where they differ.</summary>
    public required Dialect Rules { get; init; }

    /// <summary>Whether text is decomposed and loses its nonspacing marks; null: as <see cref="LowerCase"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? StripAccents { get; init; }

    /// <summary>Whether CJK ideographs are parts of words, like letters, instead of words of their own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool JoinIdeographs { get; init; }

    /// <summary>What the vocabulary calls the special tokens; null: as BERT does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SpecialTokenNames? SpecialTokens { get; init; }

    /// <summary>
    /// Tokens of the vocabulary that are looked for in the text as it is, before any other rule; null: none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? AddedTokens { get; init; }

    /// <summary>Whether nonspacing marks are dropped.</summary>
    internal bool StripsAccents => StripAccents ?? LowerCase;

    /// <summary>The names in use.</summary>
    internal SpecialTokenNames Names => SpecialTokens ?? SpecialTokenNames.Default;

    /// <summary>Whether a reader of version 2 would ignore something.</summary>
    internal bool NeedsVersion3 =>
        StripAccents is not null || JoinIdeographs || SpecialTokens is not null || AddedTokens is not null;

    /// <summary>null, or why the vocabulary does not fit.</summary>
    internal string? Fault(IReadOnlyList<string> vocabulary)
    {
        if (!NeedsVersion3)
            return null;
        HashSet<string> known = new(vocabulary, StringComparer.Ordinal);
        HashSet<string> named = new(StringComparer.Ordinal);
        foreach (string? name in Names.All.Concat(AddedTokens ?? []))
        {
            if (string.IsNullOrEmpty(name))
                return "a token without a name";
            if (!known.Contains(name))
                return $"the vocabulary has no '{name}'";
            if (!named.Add(name))
                return $"the token '{name}' is named twice";
        }
        return null;
    }
}
