namespace GauRuntime.Text;

/// <summary>The tokens of a text alone, without [CLS] and [SEP], of which a pair can be made.</summary>
/// <param name="ids">Those that a pair has room for at most.</param>
/// <param name="total">How many the text has.</param>
internal readonly ref struct TextTokens(ReadOnlySpan<int> ids, int total)
{
    /// <summary>Its first tokens.</summary>
    public ReadOnlySpan<int> Ids { get; } = ids;

    /// <summary>Number of all its tokens.</summary>
    public int Total { get; } = total;
}
