namespace GauRuntime;

/// <summary>What a token classifier says of a text.</summary>
/// <param name="Entities">In the order of the text, those of a pair's second text behind those of its first.</param>
/// <param name="Text">What became of the text.</param>
public sealed record TokenClassification(IReadOnlyList<TextEntity> Entities, TextInfo Text);

/// <summary>An entity of a text: a run of its characters that the model gives one label.</summary>
/// <param name="Label">One of <see cref="GauTokenClassifier.Labels"/>.</param>
/// <param name="Score">Mean probability of its tokens' labels.</param>
/// <param name="InPair">Whether it stands in the second text of a pair.</param>
/// <param name="Start">Where it begins in its text, in UTF-16 units, as strings count.</param>
/// <param name="End">Behind its last character.</param>
public readonly record struct TextEntity(string Label, float Score, bool InPair, int Start, int End);
