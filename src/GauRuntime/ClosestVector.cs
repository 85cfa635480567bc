namespace GauRuntime;

/// <summary>A vector that was found.</summary>
/// <param name="Row">Which one, from 0.</param>
/// <param name="Score">
/// The cosine of its angle to the query, −1 to 1: computed in double precision, then rounded.
/// </param>
public readonly record struct ClosestVector(int Row, float Score);
