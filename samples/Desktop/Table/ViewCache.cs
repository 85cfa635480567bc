namespace GauRuntime.Desktop.Table;

/// <summary>The views of a table that were asked for last: who scrolls asks for the same again and again.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ViewCache(RowTable table)
{
    private const int Most = 4;

    private readonly Lock gate = new();
    private readonly List<(RowQuery Query, RowView View)> views = [];   // the last used last

    /// <summary>The table.</summary>
    public RowTable Table => table;

    /// <summary>The view of a query.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public RowView Get(RowQuery query, CancellationToken cancel)
    {
        lock (gate)
        {
            int at = views.FindIndex(view => view.Query.Equals(query));
            if (at >= 0)
            {
                (RowQuery Query, RowView View) found = views[at];
                views.RemoveAt(at);
                views.Add(found);
                return found.View;
            }
        }
        RowView made = RowView.Of(table, query, cancel);
        lock (gate)
        {
            if (!views.Exists(view => view.Query.Equals(query)))
                views.Add((query, made));
            if (views.Count > Most)
                views.RemoveAt(0);
        }
        return made;
    }
}
