namespace GauRuntime;

/// <summary>How far a batch is.</summary>
/// <param name="Done">Texts with an answer.</param>
/// <param name="Total">Texts of the batch.</param>
public readonly record struct BatchProgress(int Done, int Total);
