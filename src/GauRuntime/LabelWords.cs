namespace GauRuntime;

/// <summary>A label, and the words that stand for it in the <c>[MASK]</c>s of a template.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Words">At least one.</param>
public sealed record LabelWords(string Label, IReadOnlyList<string> Words);
