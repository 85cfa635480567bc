using GauRuntime.Kernels;

namespace GauRuntime.Search;

/// <summary>Bounds the scores of all rows for a few queries by int8 forms, and keeps the rows that count.</summary>
internal sealed unsafe class FirstPass : RowBlocks
{
    private const int Block = 1024;

    private readonly QuantizedRows rows;
    private readonly QueryRows queries;
    private readonly int dimensions;
    private readonly int[][] dots;         // of each thread: [rows of a block, queries]
    private readonly RowBounds[][] found;  // of each thread, for each query

    public FirstPass(QuantizedRows rows, QueryRows queries, int dimensions, int count, int top, int threads)
        : base(count, Block, CancellationToken.None)
    {
        (this.rows, this.queries, this.dimensions) = (rows, queries, dimensions);
        dots = [.. Enumerable.Range(0, threads).Select(_ => new int[Block * queries.Count])];
        found =
        [
            .. Enumerable.Range(0, threads).Select(_ =>
                Enumerable.Range(0, queries.Count).Select(_ => new RowBounds(top)).ToArray()),
        ];
    }

    /// <summary>The rows whose score may be one of the K best for a query, by falling upper bound.</summary>
    public List<(float Upper, int Row)> Candidates(int query, int top)
    {
        List<float> lowers = [.. found.SelectMany(thread => thread[query].Lowers)];
        lowers.Sort();
        float least = lowers.Count < top ? float.NegativeInfinity : lowers[^top];
        List<(float Upper, int Row)> candidates =
            [.. found.SelectMany(thread => thread[query].Rows).Where(row => row.Upper >= least)];
        candidates.Sort((a, b) => a.Upper != b.Upper ? b.Upper.CompareTo(a.Upper) : a.Row.CompareTo(b.Row));
        return candidates;
    }

    protected override void Do(int worker, int first, int count)
    {
        int n = queries.Count;
        RowBounds[] bounds = found[worker];
        fixed (int* sums = dots[worker])
        fixed (float* scales = queries.Scales, errors = queries.Errors)
        {
            Int8Dots.Multiply(
                queries.Quantized, queries.Stride, n, rows.Values(first), dimensions, count, queries.Stride, sums, n);
            for (int i = 0; i < count; i++)
            {
                float scale = rows.Scales[first + i], error = rows.Errors[first + i];
                for (int query = 0; query < n; query++)
                {
                    float middle = sums[i * n + query] * (scale * scales[query]);
                    float radius = error + (1 + error) * errors[query] + QueryRows.Margin;
                    if (middle + radius >= bounds[query].Least)
                        bounds[query].Add(first + i, middle - radius, middle + radius);
                }
            }
        }
    }
}
