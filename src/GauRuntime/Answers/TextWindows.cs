using GauRuntime.Text;

namespace GauRuntime.Answers;

/// <summary>The windows of a head: what a caller asks for, brought together with the model.</summary>
/// <param name="Tokens">Tokens of a window at most, special ones included.</param>
/// <param name="Stride">Tokens between the beginnings of two windows at most, where they hold a text alone.</param>
/// <param name="Aggregate">How numbers of windows become one; null where they are not aggregated.</param>
internal sealed record TextWindows(int Tokens, int Stride, WindowAggregate? Aggregate)
{
    /// <summary>Tokens of a window at least, as of a text that is cut.</summary>
    public const int LeastTokens = 8;

    private const int LeastCounted = 64;   // tokens: a shorter window takes as much memory

    private const int Specials = GauTokenizer.SpecialsOfOne;

    /// <summary>Windows of a text at most.</summary>
    private int Most => WindowOptions.MostTokens / Math.Max(Tokens, LeastCounted);

    /// <summary>Takes what a caller asks for.</summary>
    /// <param name="options">What that is.</param>
    /// <param name="model">The model.</param>
    /// <param name="aggregates">Whether the head's answers are numbers that are aggregated.</param>
    /// <exception cref="ArgumentException">A number is out of range, or it makes no sense with the head.</exception>
    public static TextWindows Of(WindowOptions options, GauModel model, bool aggregates)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(model);
        int stride = options.Stride ?? Math.Max(1, options.Tokens / 2);
        string? fault = options.Tokens is < LeastTokens or > GauBatch.MaxLength
            ? $"windows of {options.Tokens} tokens: they have {LeastTokens} to "
                + $"{GauBatch.MaxLength}"
            : options.Tokens > model.MaxTokens
            ? $"windows of {options.Tokens} tokens: the model has learned {model.MaxTokens} positions, and no window "
                + "has more tokens"
            : stride < 1 || stride > options.Tokens - Specials
            ? $"a stride of {stride}: windows of {options.Tokens} tokens have room for {options.Tokens - Specials} of "
                + "a text, and the stride is 1 to that"
            : options.Aggregate is { } how && !Enum.IsDefined(how)
            ? $"there is no aggregate {how}"
            : !aggregates && options.Aggregate is not null
            ? "entities and answers are not aggregated: every token has the numbers of one window"
            : null;
        return fault is null
            ? new TextWindows(options.Tokens, stride, aggregates ? options.Aggregate ?? WindowAggregate.Mean : null)
            : throw new ArgumentException(fault);
    }

    /// <summary>All that the answers depend on.</summary>
    public override string ToString() =>
        $"windows of {Tokens} tokens, stride {Stride}" + Aggregate switch
        {
            WindowAggregate.Mean => ", mean",
            WindowAggregate.Max => ", max",
            _ => "",
        };

    /// <summary>Cuts a text into windows.</summary>
    /// <param name="text">The text.</param>
    /// <param name="beside">Tokens of every window that are not of the text, special ones included.</param>
    /// <param name="tokenizer">Counts the tokens.</param>
    /// <param name="cuts">Has them then.</param>
    /// <returns>Why that cannot be, or null.</returns>
    public string? Cut(ReadOnlySpan<char> text, int beside, GauTokenizer tokenizer, WindowCuts cuts)
    {
        int room = Tokens - beside;
        if (room < 1)
            return $"what stands in front of the text has {beside} tokens, and a window of {Tokens} has no room beside "
                + "them";
        int stride = (int)Math.Max(1, (long)Stride * room / (Tokens - Specials));
        return cuts.TryCut(tokenizer, text, room, stride, Most) ? null
            : $"the text has more than {Most} windows of {Tokens} tokens, and so many are allowed";
    }
}
