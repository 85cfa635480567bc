using System.Globalization;
using System.Text;

namespace GauRuntime.Benchmarks.Aot;

/// <summary>What aot.md says.</summary>
internal sealed class Report(Machine machine)
{
    private readonly StringBuilder text = new(string.Create(CultureInfo.InvariantCulture, $"""
        # The native file

        {machine.Processor}, {machine.Cores} cores, {string.Join(" ", machine.Instructions)};
        {machine.System}, {machine.Framework}. `dotnet run -c Release --project benchmarks/Aot`
        makes this; both programs in turn, medians.


        """));

    /// <summary>A table that says how far a figure is from what is aimed at.</summary>
    public void Figures(string title, IEnumerable<(string What, string Found, string Aim)> rows) =>
        Table(
            title, "| | | aim |", "| --- | ---: | ---: |",
            rows.Select(row => $"| {row.What} | {row.Found} | {row.Aim} |"));

    /// <summary>A table of both programs.</summary>
    public void Pairs(string title, string unit, IEnumerable<Pair> pairs) =>
        Table(title, $"| {unit} | native | JIT | ratio |", "| --- | ---: | ---: | ---: |", pairs.Select(pair =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {pair.What} | {pair.Native:0.#} | {pair.Jit:0.#} | {pair.Ratio:0.000} |")));

    public override string ToString() => text.ToString().TrimEnd() + "\n";

    private void Table(string title, string head, string rule, IEnumerable<string> rows) =>
        text.Append("## ").Append(title).Append("\n\n").AppendJoin('\n', (string[])[head, rule, .. rows])
            .Append("\n\n");
}
