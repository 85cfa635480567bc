namespace GauRuntime;

/// <summary>A text whose labels are known.</summary>
/// <param name="Text">The text.</param>
/// <param name="Labels">Names of a model's labels: one, or where a text may have several any number.</param>
public sealed record LabelledText(string Text, params IReadOnlyList<string> Labels)
{
    /// <summary>The second text of a pair; null: there is none.</summary>
    public string? Pair { get; init; }
}
