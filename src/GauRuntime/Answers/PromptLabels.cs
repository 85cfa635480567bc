using GauRuntime.Text;

namespace GauRuntime.Answers;

/// <summary>Labels by the tokens of their words, a token for each <c>[MASK]</c> of a template.</summary>
internal sealed class PromptLabels
{
    private readonly int[][] tokens;   // of a label, the tokens of all its words: [words · masks]
    private readonly int masks;

    /// <summary>Takes labels and words.</summary>
    /// <param name="tokenizer">Knows the tokens.</param>
    /// <param name="labels">At least two, each with at least one word.</param>
    /// <param name="masks">How many [MASK] the words are for.</param>
    /// <exception cref="ArgumentException">They do not go together.</exception>
    public PromptLabels(GauTokenizer tokenizer, IReadOnlyList<LabelWords> labels, int masks)
    {
        ArgumentNullException.ThrowIfNull(labels);
        this.masks = masks;
        if (labels.Count < 2)
            throw new ArgumentException(
                $"label words: {Counted(labels.Count, "label")}, and there is nothing to choose from");
        for (int i = 0; i < labels.Count; i++)
            _ = labels[i] ?? throw new ArgumentException($"label words: label {i} is null", nameof(labels));
        if (labels.GroupBy(label => label.Label).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"label words: label {WordIds.Shown(twice.Key)} stands there twice");
        Names = [.. labels.Select(label => label.Label)];
        Dictionary<string, string> known = [];   // ids of a word, and the word
        tokens = [.. labels.Select(label => Tokens(tokenizer, label, known))];
    }

    /// <summary>The labels, in order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The tokens of all words, for a digest.</summary>
    public IEnumerable<int> Tokens() => tokens.SelectMany(label => label.Prepend(label.Length));

    /// <summary>Adds up what a [MASK] says.</summary>
    /// <param name="mask">Which one.</param>
    /// <param name="logits">[V].</param>
    /// <param name="sums">[labels].</param>
    public void Add(int mask, ReadOnlySpan<float> logits, Span<double> sums)
    {
        for (int label = 0; label < tokens.Length; label++)
            for (int i = mask; i < tokens[label].Length; i += masks)
                sums[label] += logits[tokens[label][i]];
    }

    /// <summary>Makes means of sums.</summary>
    public void Mean(ReadOnlySpan<double> sums, Span<float> means)
    {
        for (int label = 0; label < tokens.Length; label++)
            means[label] = (float)(sums[label] / tokens[label].Length);
    }

    private int[] Tokens(GauTokenizer tokenizer, LabelWords label, Dictionary<string, string> known)
    {
        if (label.Words is not { Count: > 0 })
            throw new ArgumentException($"label words: label {WordIds.Shown(label.Label)} has no word");
        List<int> all = [];
        foreach (string word in label.Words)
        {
            int[] ids = WordIds.Of(tokenizer, word);
            if (ids.Length != masks)
                throw new ArgumentException(
                    $"label words: {WordIds.Shown(word)} has {Counted(ids.Length, "token")}, and the template "
                    + $"{masks} [MASK]: every word has one token for each [MASK]");
            if (!known.TryAdd(string.Join(' ', ids), word))
                throw new ArgumentException(
                    $"label words: {WordIds.Shown(word)} stands there twice, or has the tokens of another word");
            all.AddRange(ids);
        }
        return [.. all];
    }

    private static string Counted(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
