namespace GauRuntime;

/// <summary>How the answers to a text's windows become the answer to the text.</summary>
public enum WindowAggregate
{
    /// <summary>The mean of every number; each window counts the same.</summary>
    Mean,
    /// <summary>
    /// The greatest of every number. Where a text has exactly one label, the probabilities are then divided by their
    /// sum.
    /// </summary>
    Max,
}

/// <summary>How a long text is read whole, in windows that overlap, instead of being cut.</summary>
/// <remarks>
/// Windows begin and end between sentences where some end there, else between words. Of a pair the second text is read
/// in windows, each with the whole first text. A text that one window holds has the answer, to the last bit, that it
/// has without windows. A prefix or prompt that a text follows should end in a space or a punctuation mark: where both
/// become one word, a window may be cut by a few tokens, which <see cref="TextInfo.Truncated"/> tells.
/// </remarks>
public sealed record WindowOptions
{
    /// <summary>Tokens of a window where nothing else is said.</summary>
    public const int UsualTokens = 512;

    /// <summary>
    /// A text whose windows have more tokens, all together, has no answer: memory is bounded. A window of fewer than 64
    /// counts as one of 64.
    /// </summary>
    public const int MostTokens = 1 << 19;

    /// <summary>
    /// Tokens of a window at most, [CLS] and [SEP] included; from 8 to <see cref="GauBatch.MaxLength"/>, and no more
    /// than the model has learned positions.
    /// </summary>
    public int Tokens { get; init; } = UsualTokens;

    /// <summary>
    /// Tokens from the beginning of a window to that of the next at most; from 1 to those of a text that a window has
    /// room for, <see cref="Tokens"/> − 2. Null: half of <see cref="Tokens"/>. Where a prompt or the first text of a
    /// pair takes room from a window, the stride is shorter in proportion.
    /// </summary>
    public int? Stride { get; init; }

    /// <summary>
    /// How classifications and vectors of windows become one; null: their mean. Entities and answers are not
    /// aggregated: every token has the numbers of the window in which it is farthest from the edge, so that they are
    /// those of one long text.
    /// </summary>
    public WindowAggregate? Aggregate { get; init; }
}
