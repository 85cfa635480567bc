namespace GauRuntime.Evaluation.Explanation;

/// <summary>A token of an explained text.</summary>
/// <param name="Token">As the vocabulary writes it.</param>
/// <param name="Text">0: in the text, 1: in its pair, −1: added ([CLS], [SEP]).</param>
/// <param name="Start">UTF-16 offset of its first character.</param>
/// <param name="End">UTF-16 offset after its last character.</param>
/// <param name="Without">
/// The score of the winning label without its characters; null for tokens that were added.
/// </param>
internal sealed record ExplainedToken(string Token, int Text, int Start, int End, float? Without);
