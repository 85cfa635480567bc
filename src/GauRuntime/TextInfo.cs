namespace GauRuntime;

/// <summary>What became of a text on its way into the model.</summary>
/// <param name="Tokens">Tokens that the model saw, [CLS] and [SEP] included, of all windows together.</param>
/// <param name="Truncated">Whether the text had more than were allowed, and lost its tail.</param>
/// <param name="IsEmpty">Whether nothing of the text is a token: it was empty, or white space.</param>
public readonly record struct TextInfo(int Tokens, bool Truncated, bool IsEmpty)
{
    /// <summary>In how many windows it was read (<see cref="WindowOptions"/>); 1 where it was read at once.</summary>
    public int Windows { get; init; } = 1;
}
