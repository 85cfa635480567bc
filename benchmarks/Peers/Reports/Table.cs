using System.Text;

namespace GauRuntime.Benchmarks.Peers.Reports;

/// <summary>Markdown being written.</summary>
internal sealed class Table
{
    private readonly StringBuilder text = new();

    public Table Line(string line = "")
    {
        text.Append(line).Append('\n');
        return this;
    }

    /// <summary>A table; numbers to the right, the first column to the left.</summary>
    public Table Rows(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        Row(head);
        Row([.. head.Select((_, column) => column == 0 ? "---" : "---:")]);
        foreach (IReadOnlyList<string> row in rows)
            Row(row);
        return Line();
    }

    /// <inheritdoc/>
    public override string ToString() => text.ToString().TrimEnd('\n') + "\n";

    private void Row(IReadOnlyList<string> cells) => Line($"| {string.Join(" | ", cells)} |");
}
