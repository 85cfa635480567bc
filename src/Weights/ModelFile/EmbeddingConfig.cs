using System.Buffers;
using System.Text;
using System.Text.Json.Serialization;

namespace GauRuntime.Weights.ModelFile;

/// <summary>The number that tells how alike two vectors are.</summary>
[JsonConverter(typeof(SnakeCaseEnum<Similarity>))]
public enum Similarity
{
    /// <summary>The cosine of the angle between them.</summary>
    Cosine,
    /// <summary>Σ a b.</summary>
    Dot,
    /// <summary>−√Σ (a − b)².</summary>
    Euclidean,
    /// <summary>−Σ |a − b|.</summary>
    Manhattan,
}

/// <summary>A text that is put in front of others, so that the model knows what they are for.</summary>
/// <param name="Name">What callers call it.</param>
/// <param name="Text">The text; nothing comes between it and the other.</param>
public sealed record EmbeddingPrompt(string Name, string Text);

/// <summary>How a model makes the vector of a text: it pools the hidden states, then come the steps.</summary>
/// <remarks>Stored as JSON under <c>gau.embedding</c> of a model file. Immutable.</remarks>
public sealed record EmbeddingConfig
{
    /// <summary>Bounds of <see cref="MaxTokens"/>: the least has room for a token between [CLS] and [SEP].</summary>
    internal const int LeastTokens = 3, MostTokens = 65_536;

    private const int MostPoolings = 6, MostSteps = 64, MostPrompts = 10_000, LongestPrompt = 100_000;

    /// <summary>The pooled vectors, one behind the other.</summary>
    public required IReadOnlyList<Pooling> Poolings { get; init; }

    /// <summary>What becomes of them, in order.</summary>
    public required IReadOnlyList<EmbeddingStep> Steps { get; init; }

    /// <summary>Whether the tokens of a prompt are pooled like those of the text; attention always sees them.</summary>
    public required bool IncludePrompt { get; init; }

    /// <summary>The prompts that the model knows.</summary>
    public required IReadOnlyList<EmbeddingPrompt> Prompts { get; init; }

    /// <summary>Name of the prompt for whoever names none; null: no prompt.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DefaultPrompt { get; init; }

    /// <summary>How vectors are to be compared.</summary>
    public required Similarity Similarity { get; init; }

    /// <summary>Where texts are cut, in tokens, [CLS] and [SEP] included; null: as other models' are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxTokens { get; init; }

    /// <summary>Whether the last step scales to length 1.</summary>
    internal bool Normalizes => Steps is [.., { Normalize: true }];

    /// <summary>What it does, for people.</summary>
    internal string Shown => "pooling " + ShownSteps;

    /// <summary>The names of the poolings and the steps, for people.</summary>
    internal string ShownSteps =>
        string.Join(", ", Steps.Select(step => step.Shown).Prepend(PoolingName.Of(Poolings)));

    /// <summary>Where it cuts texts, for people, behind a comma; empty where it does not say.</summary>
    internal string ShownLimit => MaxTokens is { } most ? $", texts cut to {most} tokens" : "";

    /// <summary>The prompts, for people; empty where there are none.</summary>
    internal string ShownPrompts => string.Join(", ", Prompts.Select(prompt => $"{prompt.Name} \"{prompt.Text}\""))
        + (DefaultPrompt is null ? "" : $"; {DefaultPrompt} unless another is named")
        + (IncludePrompt ? "" : Prompts.Count == 0 ? "a prefix is not pooled" : "; not pooled");

    /// <summary>Numbers of a vector.</summary>
    /// <param name="hidden">h, the width of the hidden states.</param>
    internal int Width(int hidden) =>
        Steps.LastOrDefault(step => step.Dense is not null)?.Dense!.Size ?? hidden * Poolings.Count;

    /// <summary>The text of a prompt; null: there is none of that name.</summary>
    internal string? PromptText(string name) => Prompts.FirstOrDefault(prompt => prompt.Name == name)?.Text;

    /// <summary>Whether the parts fit together.</summary>
    /// <returns>null, or what is wrong, in words for the user.</returns>
    public string? Fault()
    {
        if (Poolings.Count is < 1 or > MostPoolings)
            return $"{Poolings.Count} poolings, not 1 to {MostPoolings}";
        if (Steps.Count > MostSteps)
            return $"{Steps.Count} steps are more than {MostSteps}";
        foreach (EmbeddingStep? step in Steps)
            if ((step is null ? "a step is null" : step.Fault()) is string fault)
                return fault;
        return MaxTokens is < LeastTokens or > MostTokens
            ? $"max_tokens {MaxTokens} is outside of {LeastTokens} to {MostTokens}"
            : PromptFault();
    }

    private string? PromptFault()
    {
        if (Prompts.Count > MostPrompts)
            return $"{Prompts.Count} prompts are more than {MostPrompts}";
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (EmbeddingPrompt? prompt in Prompts)
        {
            if (prompt?.Name is null || prompt.Text is null)
                return "a prompt is null";
            if (!IsUnicode(prompt.Name) || !IsUnicode(prompt.Text))
                return "a prompt is no valid Unicode";
            if (prompt.Text.Length > LongestPrompt)
                return $"the prompt '{prompt.Name}' is longer than {LongestPrompt} characters";
            if (!names.Add(prompt.Name))
                return $"two prompts have the name '{prompt.Name}'";
        }
        return DefaultPrompt is null || names.Contains(DefaultPrompt)
            ? null
            : $"the default prompt '{DefaultPrompt}' is none of the prompts";
    }

    private static bool IsUnicode(ReadOnlySpan<char> text)
    {
        while (Rune.DecodeFromUtf16(text, out _, out int units) == OperationStatus.Done)
            text = text[units..];
        return text.IsEmpty;
    }
}
