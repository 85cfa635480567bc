using GauRuntime.Evaluation.Metrics;
using GauRuntime.Evaluation.Rows;

namespace GauRuntime.Evaluation.Comparison;

/// <summary>The rankings of both files.</summary>
/// <remarks>A candidate is the same where its id is; where several have it, the first is the first.</remarks>
internal sealed class RankingOverlap
{
    /// <summary>The k of recall@k.</summary>
    public const int Leading = 10;

    private double recalls, correlations;
    private long recalled;

    /// <summary>Candidates in A.</summary>
    public long InA { get; private set; }

    /// <summary>Candidates in B.</summary>
    public long InB { get; private set; }

    /// <summary>Candidates in both.</summary>
    public long Same { get; private set; }

    /// <summary>Candidates in one of them only.</summary>
    public long InOneOnly => InA + InB - 2 * Same;

    /// <summary>
    /// Recall@10: how many of a query's first ten of A are among the first ten of B, as a share; the mean over queries.
    /// Null where A has no candidates.
    /// </summary>
    public double? Recall => recalled == 0 ? null : recalls / recalled;

    /// <summary>Queries with two candidates or more in both.</summary>
    public long Correlated { get; private set; }

    /// <summary>
    /// The mean of Spearman's ρ between the orders of the candidates in both; null without such queries.
    /// </summary>
    public double? Correlation => Correlated == 0 ? null : correlations / Correlated;

    /// <summary>The least ρ.</summary>
    public double LeastCorrelation { get; private set; } = 1;

    /// <summary>Id of the first query with it; null where all are 1.</summary>
    public string? LeastId { get; private set; }

    /// <summary>Compares the rankings of a query, and the scores of the candidates that are in both.</summary>
    internal void Add(
        List<RankedResult> a, List<RankedResult> b, string id, Drift scores, Agreement truncated)
    {
        Dictionary<(string Id, int Copy), int> places = new(b.Count);
        Dictionary<string, int> copies = new(StringComparer.Ordinal);
        for (int j = 0; j < b.Count; j++)
            places.Add((b[j].Id, Copy(copies, b[j].Id)), j);
        copies.Clear();
        List<(float, double)> both = [];
        int leading = 0;
        for (int i = 0; i < a.Count; i++)
        {
            if (!places.TryGetValue((a[i].Id, Copy(copies, a[i].Id)), out int j))
                continue;
            scores.Add(a[i].Score, b[j].Score, id);
            truncated.Add(a[i].Truncated == b[j].Truncated);
            both.Add((i, j));
            leading += i < Leading && j < Leading ? 1 : 0;
        }
        InA += a.Count;
        InB += b.Count;
        Same += both.Count;
        recalled += a.Count > 0 ? 1 : 0;
        recalls += a.Count > 0 ? (double)leading / Math.Min(Leading, a.Count) : 0;
        if (RankCorrelation.Of(both) is { } correlation)
            Add(correlation, id);
    }

    private void Add(double correlation, string id)
    {
        correlation = Math.Round(correlation, 12);   // so that equal orders have 1
        Correlated++;
        correlations += correlation;
        if (correlation < LeastCorrelation)
            (LeastCorrelation, LeastId) = (correlation, id);
    }

    // How many of that id there were before.
    private static int Copy(Dictionary<string, int> copies, string id)
    {
        int count = copies.GetValueOrDefault(id);
        copies[id] = count + 1;
        return count;
    }
}
