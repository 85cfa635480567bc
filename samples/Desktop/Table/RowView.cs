using GauRuntime.Desktop.Server;

namespace GauRuntime.Desktop.Table;

/// <summary>The rows of a table that a query wants, in its order.</summary>
/// <remarks>Memory: 4 bytes a row; while it is sorted, 12. None where all rows are wanted as they stand.</remarks>
internal sealed class RowView
{
    /// <summary>Bars of the histogram of scores.</summary>
    public const int Bars = 40;

    private const int RowsPerLook = 1 << 16;

    private readonly RowTable table;
    private readonly int[]? rows;   // null: all, in order

    private RowView(RowTable table, int[]? rows, CancellationToken cancel)
    {
        (this.table, this.rows) = (table, rows);
        Summary = Summarize(cancel);
    }

    /// <summary>How many rows there are.</summary>
    public int Count => rows?.Length ?? table.Count;

    /// <summary>Labels, scores and rejects of the rows.</summary>
    public TableSummary Summary { get; }

    /// <summary>Finds and sorts the rows.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="IOException">The texts cannot be read.</exception>
    public static RowView Of(RowTable table, RowQuery query, CancellationToken cancel)
    {
        if (query.IsAll)
            return new RowView(table, null, cancel);
        int[] rows = Find(table, query, cancel);
        if (query.Order != RowOrder.Number)
            Sort(table, query, rows, cancel);
        else if (query.Descending)
            Array.Reverse(rows);
        return new RowView(table, rows, cancel);
    }

    /// <summary>The numbers of some rows.</summary>
    /// <param name="first">Place of the first in this order.</param>
    /// <param name="count">How many; fewer where there are fewer.</param>
    public int[] Rows(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int there = Math.Max(0, Math.Min(count, Count - first));
        int[] some = new int[there];
        for (int i = 0; i < there; i++)
            some[i] = rows is null ? first + i : rows[first + i];
        return some;
    }

    private static int[] Find(RowTable table, RowQuery query, CancellationToken cancel)
    {
        bool[]? labels = query.Labels is null ? null : [.. table.Labels.Select(name => query.Labels.Contains(name))];
        List<int> found = [];
        bool IsWanted(int row)
        {
            if (row % RowsPerLook == 0)
                cancel.ThrowIfCancellationRequested();
            int label = table.Label(row);
            if (labels is not null && (label < 0 || !labels[label]))
                return false;
            float score = table.Score(row);   // NaN, which is none, is in no range
            if (query.From is { } from && !(score >= from) || query.To is { } to && !(score <= to))
                return false;
            return query.Rejected is not { } rejected || table.Flags(row).HasFlag(RowFlags.Rejected) == rejected;
        }

        if (string.IsNullOrEmpty(query.Text))
        {
            for (int row = 0; row < table.Count; row++)
            {
                if (IsWanted(row))
                    found.Add(row);
            }
        }
        else
        {
            TextMatch match = new(query.Text);
            table.ReadAll(
                (row, line) =>
                {
                    if (row < table.Count && IsWanted(row) && match.IsIn(line))
                        found.Add(row);
                },
                cancel);
        }
        return [.. found];
    }

    // One sort of 64-bit numbers: what it goes by above, the row below.
    private static void Sort(RowTable table, RowQuery query, int[] rows, CancellationToken cancel)
    {
        uint[] ranks = query.Order == RowOrder.Label ? Ranks(table.Labels) : [];
        ulong[] keys = new ulong[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            uint? value = query.Order switch
            {
                RowOrder.Label => table.Label(rows[i]) is >= 0 and var label ? ranks[label] : null,
                RowOrder.Score => SortableScore(table.Score(rows[i])),
                _ => (uint)table.Tokens(rows[i]),
            };
            // What has none stands last in both directions.
            uint key = value is not { } some ? uint.MaxValue : query.Descending ? uint.MaxValue - 1 - some : some;
            keys[i] = (ulong)key << 32 | (uint)rows[i];
        }
        cancel.ThrowIfCancellationRequested();
        Array.Sort(keys);
        for (int i = 0; i < rows.Length; i++)
            rows[i] = (int)(uint)keys[i];
    }

    private static uint[] Ranks(IReadOnlyList<string> labels)
    {
        int[] order = [.. Enumerable.Range(0, labels.Count).OrderBy(i => labels[i], StringComparer.Ordinal)];
        uint[] ranks = new uint[labels.Count];
        for (int i = 0; i < order.Length; i++)
            ranks[order[i]] = (uint)i;
        return ranks;
    }

    // The bits of a float as a number of the same order; those of infinity are far from the greatest.
    private static uint? SortableScore(float score)
    {
        if (float.IsNaN(score))
            return null;
        uint bits = BitConverter.SingleToUInt32Bits(score + 0f);   // −0 is 0
        return (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
    }

    private TableSummary Summarize(CancellationToken cancel)
    {
        int[] labels = new int[table.Labels.Count];
        (float least, float greatest) = (float.PositiveInfinity, float.NegativeInfinity);
        int rejected = 0, without = 0;
        for (int i = 0; i < Count; i++)
        {
            if (i % RowsPerLook == 0)
                cancel.ThrowIfCancellationRequested();
            int row = rows is null ? i : rows[i];
            if (table.Label(row) is >= 0 and var label)
                labels[label]++;
            if (table.Flags(row).HasFlag(RowFlags.Rejected))
                rejected++;
            float score = table.Score(row);
            if (float.IsNaN(score))
                without++;
            else
                (least, greatest) = (Math.Min(least, score), Math.Max(greatest, score));
        }
        bool none = without == Count;
        // Probabilities are shown from 0 to 1, values from the least to the greatest.
        if (none || least >= 0 && greatest <= 1)
            (least, greatest) = (0, 1);
        int[] bars = new int[Bars];
        for (int i = 0; i < Count && !none; i++)
        {
            float score = table.Score(rows is null ? i : rows[i]);
            if (!float.IsNaN(score))
                bars[Bar(score, least, greatest)]++;
        }
        return new TableSummary(
            table.Count, Count,
            [
                .. labels.Select((count, i) => new LabelCount(table.Labels[i], count)).Where(label => label.Rows > 0)
                    .OrderByDescending(label => label.Rows).ThenBy(label => label.Label, StringComparer.Ordinal),
            ],
            bars, least, greatest, without, rejected);
    }

    private static int Bar(float score, float least, float greatest) => greatest > least
        ? Math.Min(Bars - 1, (int)(((double)score - least) / ((double)greatest - least) * Bars))
        : 0;
}
