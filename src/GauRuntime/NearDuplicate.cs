namespace GauRuntime;

/// <summary>Where a vector belongs among near duplicates.</summary>
/// <param name="First">The row of the first vector of its group, which may be the vector itself.</param>
/// <param name="Similarity">
/// The cosine of its angle to that one, computed in double precision and rounded; 1 of the first itself.
/// </param>
public readonly record struct NearDuplicate(int First, float Similarity);
