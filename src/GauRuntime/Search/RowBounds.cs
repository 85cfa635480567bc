namespace GauRuntime.Search;

/// <summary>The rows that may be among the K best for a query, as far as the first pass of one thread knows.</summary>
internal sealed class RowBounds
{
    private const int LeastLimit = 4096;

    private readonly int top;
    private readonly List<(float Upper, int Row)> rows = [];
    private readonly PriorityQueue<float, float> lowers = new();   // the K greatest lower bounds, the least first
    private int limit;

    /// <param name="top">K.</param>
    public RowBounds(int top)
    {
        this.top = top;
        limit = Math.Max(LeastLimit, top);
    }

    /// <summary>The K-th greatest lower bound so far: the K-th best score is at least that.</summary>
    public float Least { get; private set; } = float.NegativeInfinity;

    /// <summary>The rows whose score may be that of one of the K best.</summary>
    public IReadOnlyList<(float Upper, int Row)> Rows => rows;

    /// <summary>The K greatest lower bounds, in no order.</summary>
    public IEnumerable<float> Lowers => lowers.UnorderedItems.Select(item => item.Element);

    /// <summary>Takes a row whose score lies between two bounds.</summary>
    public void Add(int row, float lower, float upper)
    {
        if (upper < Least)
            return;
        if (rows.Count == limit)
            Drop();
        rows.Add((upper, row));
        if (lowers.Count < top)
            lowers.Enqueue(lower, lower);
        else if (lower > Least)
            lowers.EnqueueDequeue(lower, lower);
        if (lowers.Count == top)
            Least = lowers.Peek();
    }

    // Rows that were added before the bound had risen. The list grows where that is not enough.
    private void Drop()
    {
        rows.RemoveAll(row => row.Upper < Least);
        if (rows.Count > limit / 2)
            limit = (int)Math.Min(2L * limit, int.MaxValue);
    }
}
