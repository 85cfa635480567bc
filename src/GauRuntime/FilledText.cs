namespace GauRuntime;

/// <summary>The best tokens for every [MASK] of a text.</summary>
/// <param name="Masks">In the order of the text.</param>
/// <param name="Text">What became of the text.</param>
public sealed record FilledText(IReadOnlyList<FilledMask> Masks, TextInfo Text);

/// <summary>The best tokens for a [MASK].</summary>
/// <param name="Position">Its place among the tokens of the text, [CLS] being 0.</param>
/// <param name="InPair">Whether it stands in the second text of a pair.</param>
/// <param name="Start">Where it begins in its text, in UTF-16 units, as strings count.</param>
/// <param name="Tokens">Best first.</param>
public sealed record FilledMask(int Position, bool InPair, int Start, IReadOnlyList<FilledToken> Tokens);

/// <summary>A token that could stand in a place.</summary>
/// <param name="Token">As the vocabulary writes it; <c>##</c> marks what continues a word.</param>
/// <param name="Probability">Of the whole vocabulary's.</param>
public readonly record struct FilledToken(string Token, float Probability);

/// <summary>A token for a [MASK], as <see cref="GauFillMask"/> writes it into a span.</summary>
/// <param name="Position">The place of the [MASK] among the tokens of the text, [CLS] being 0.</param>
/// <param name="InPair">Whether it stands in the second text of a pair.</param>
/// <param name="Start">Where it begins in its text, in UTF-16 units.</param>
/// <param name="Id">The token; <see cref="Text.GauTokenizer.Token"/> spells it.</param>
/// <param name="Probability">Of the whole vocabulary's.</param>
public readonly record struct MaskToken(int Position, bool InPair, int Start, int Id, float Probability);
