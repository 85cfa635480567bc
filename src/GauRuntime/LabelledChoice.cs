namespace GauRuntime;

/// <summary>A question of multiple choice whose answer is known.</summary>
/// <param name="Text">What each choice stands behind; null: choices are computed alone.</param>
/// <param name="Choices">At least one.</param>
/// <param name="Right">Index of the right one.</param>
public sealed record LabelledChoice(string? Text, IReadOnlyList<string> Choices, int Right);
