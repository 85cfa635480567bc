namespace GauRuntime.Train.Data;

/// <summary>What becomes of the tokens of a word.</summary>
internal enum MaskAction
{
    /// <summary>[MASK] stands for each.</summary>
    Mask,
    /// <summary>They stay, and are asked for all the same.</summary>
    Keep,
    /// <summary>A random token stands for each.</summary>
    Random,
    /// <summary>They stay.</summary>
    None,
}

/// <summary>
/// Masks 15 % of the words of a text: one decision for all tokens of a word, 80 % masked, 10 % kept, 10 % random
/// (GAU-α's train.py).
/// </summary>
/// <param name="vocabularySize">V.</param>
/// <param name="cls">Id of [CLS].</param>
/// <param name="sep">Id of [SEP].</param>
/// <param name="mask">Id of [MASK].</param>
/// <param name="maxLength">Most tokens of a sample, [CLS] and [SEP] included; a word may be cut.</param>
internal sealed class WholeWordMasking(int vocabularySize, int cls, int sep, int mask, int maxLength)
{
    private const double Masked = 0.15 * 0.8, Kept = 0.15 * 0.9, Replaced = 0.15;   // cumulated

    /// <summary>The action of a word.</summary>
    /// <param name="r">Its uniform number.</param>
    public static MaskAction ActionOf(double r) =>
        r < Masked ? MaskAction.Mask
        : r < Kept ? MaskAction.Keep
        : r < Replaced ? MaskAction.Random
        : MaskAction.None;

    /// <summary>Masks a text.</summary>
    /// <param name="words">The ids of each word; a word may have none, and takes a number all the same.</param>
    /// <param name="uniform">
    /// Gives numbers in [0, 1): one for each word, then one for each token that is replaced, 1 + ⌊ρ (V − 1)⌋.
    /// </param>
    public MaskedSample Apply(IReadOnlyList<int[]> words, Func<double> uniform)
    {
        MaskAction[] actions = new MaskAction[words.Count];
        for (int word = 0; word < words.Count; word++)
            actions[word] = ActionOf(uniform());
        List<int> source = [cls], target = [0];
        for (int word = 0; word < words.Count && source.Count < maxLength - 1; word++)
        {
            foreach (int id in words[word])
            {
                source.Add(actions[word] switch
                {
                    MaskAction.Mask => mask,
                    MaskAction.Random => 1 + (int)(uniform() * (vocabularySize - 1)),
                    _ => id,
                });
                target.Add(actions[word] == MaskAction.None ? 0 : id);
            }
        }
        int kept = Math.Min(source.Count, maxLength - 1);
        return new MaskedSample([.. source[..kept], sep], [.. target[..kept], 0]);
    }
}
