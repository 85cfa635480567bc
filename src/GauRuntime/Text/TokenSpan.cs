namespace GauRuntime.Text;

/// <summary>Where a token came from: [Start, End) in UTF-16 units of the original text.</summary>
/// <param name="Text">0: the first text, 1: the second, −1: [CLS] or [SEP], which no text holds.</param>
/// <param name="Start">
/// First UTF-16 unit of the characters that made the token; 0 where <paramref name="Text"/> is −1.
/// </param>
/// <param name="End">One past the last UTF-16 unit; 0 where <paramref name="Text"/> is −1.</param>
public readonly record struct TokenSpan(int Text, int Start, int End)
{
    /// <summary>The span of [CLS] and [SEP].</summary>
    internal static TokenSpan Added => new(-1, 0, 0);
}
