namespace GauRuntime.Answers;

/// <summary>The order of candidates by their scores.</summary>
internal static class ScoreOrder
{
    /// <summary>The indexes of the best scores, best first; of equal ones in their order.</summary>
    /// <param name="scores">Without NaN.</param>
    /// <param name="top">So many at most; null: all.</param>
    public static int[] Best(IReadOnlyList<float> scores, int? top) =>
    [
        .. Enumerable.Range(0, scores.Count).OrderByDescending(i => scores[i]).Take(top ?? scores.Count),
    ];
}
