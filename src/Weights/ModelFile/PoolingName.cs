namespace GauRuntime.Weights.ModelFile;

/// <summary>What sentence-transformers and users call the ways to pool.</summary>
internal static class PoolingName
{
    private static readonly (string Name, Pooling Pooling)[] Known =
    [
        ("cls", Pooling.First), ("mean", Pooling.Mean), ("max", Pooling.Max), ("lasttoken", Pooling.Last),
        ("mean_sqrt_len_tokens", Pooling.MeanSqrtLenTokens), ("weightedmean", Pooling.WeightedMean),
    ];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Known.Select(known => known.Name)];

    /// <summary>The name of a pooling.</summary>
    public static string Of(Pooling pooling) => Array.Find(Known, known => known.Pooling == pooling).Name;

    /// <summary>The names of vectors that stand one behind the other.</summary>
    public static string Of(IEnumerable<Pooling> poolings) => string.Join(" + ", poolings.Select(Of));

    /// <summary>The pooling of a name, or null.</summary>
    public static Pooling? Parse(string name) =>
        Array.Exists(Known, known => known.Name == name)
            ? Array.Find(Known, known => known.Name == name).Pooling
            : null;
}
