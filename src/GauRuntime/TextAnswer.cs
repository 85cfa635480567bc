namespace GauRuntime;

/// <summary>Where the answer to a question stands in its context.</summary>
/// <param name="Found">Whether there is one; there is none where no token of the context was seen.</param>
/// <param name="Start">Where it begins, in UTF-16 units of the context, as strings count.</param>
/// <param name="End">Behind its last character: the answer is <c>context[Start..End]</c>.</param>
/// <param name="Score">How probable its first token is as the first, times its last as the last.</param>
/// <param name="Text">What became of question and context.</param>
public readonly record struct TextAnswer(bool Found, int Start, int End, float Score, TextInfo Text);
