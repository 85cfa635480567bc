using System.Globalization;
using System.Text;
using GauRuntime.Benchmarks.Kernels.Cases;

namespace GauRuntime.Benchmarks.Kernels.Report;

/// <summary>The tables of a run.</summary>
internal static class KernelReport
{
    /// <summary>Markdown.</summary>
    /// <param name="machine">Where it ran.</param>
    /// <param name="versions">Of what was measured, and what measured it.</param>
    /// <param name="command">The command that would repeat it.</param>
    /// <param name="rates">What was measured, in the order of the tables.</param>
    public static string Write(Machine machine, string versions, string command, IReadOnlyList<Rates> rates)
    {
        StringBuilder text = new();
        string instructions = string.Join(", ", machine.Instructions);
        string tiers = string.Join(", ", rates.Select(rate => $"`{rate.Case.Tier}`").Distinct());
        text.Append(CultureInfo.InvariantCulture, $"""
            # Kernels

            - Machine: {machine.Processor}, {machine.Cores} cores; {instructions}; {machine.System}
            - Versions: {versions}; {machine.Framework}; kernel tiers {tiers}
            - One thread. Date: {DateTime.UtcNow:yyyy-MM-dd}. Command: `{command}`
            - The peak is the highest that was measured between the iterations of the same case; `benchmarks/README.md`
              says how to read the shares.

            """);
        foreach (IGrouping<Section, Rates> section in rates.GroupBy(rate => rate.Case.Section))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {section.Key.Title}: {section.Key.Unit}\n\n")
                .Append(section.Key.Note).Append("\n\n");
            RateColumn[] columns = [.. RateColumn.All.Where(column => column.ColumnName switch
            {
                "unit" => false,
                "ns/element" => section.Any(rate => rate.Case.Elements > 0),
                _ => true,
            })];
            Row(text, columns.Select(column => column.ColumnName));
            Row(text, columns.Select(column => column.IsNumeric ? "---:" : "---"));
            foreach (Rates rate in section)
                Row(text, columns.Select(column => column.Text(rate)));
        }
        return text.ToString();
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
