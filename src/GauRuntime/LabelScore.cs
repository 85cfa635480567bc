namespace GauRuntime;

/// <summary>A label with its probability.</summary>
/// <param name="Label">The label.</param>
/// <param name="Score">How probable it is.</param>
public readonly record struct LabelScore(string Label, float Score);
