using System.Globalization;
using GauRuntime.Benchmarks.Peers.Engines;
using GauRuntime.Benchmarks.Peers.Measuring;

namespace GauRuntime.Benchmarks.Peers.Reports;

/// <summary>The table that README shows as well: a few lengths, ours beside ONNX Runtime and libtorch.</summary>
internal sealed class Summary(PeerResults results)
{
    private const string Begin = "<!-- benchmarks/Peers/run --tables writes this -->\n\n";
    private const string End = "\n<!-- up to here -->";

    private static readonly string[] Columns =
        ["ours-int8", "ours-int8-256", "ort-int8", "torch-bf16", "ours-f32", "ort-f32"];

    private static readonly int[] Lengths = [128, 512, 2048];

    /// <summary>Adds the table.</summary>
    public Table AddTo(Table table) => table.Rows(
        ["", "ours, int8", "in blocks of 256", "ONNX Runtime, int8", "ratios", "libtorch, bfloat16", "ours, F32",
            "ONNX Runtime, F32", "ratio"],
        [.. Singles(1), .. Singles(2),
            Row("16 texts of 128, 2 threads", m => m is { Threads: 2, Batch: 16, Length: 128 }),
            Row("texts of 8 to 512 tokens, 1 thread", m => m is { Threads: 1, IsJob: true }),
            Row("texts of 8 to 512 tokens, 2 threads", m => m is { Threads: 2, IsJob: true })]);

    /// <summary>Writes the table into a page, between two remarks that are there.</summary>
    public void WriteTo(string page)
    {
        string text = File.ReadAllText(page);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < Begin.Length || end < begin)
            throw new FormatException($"{page} has not the remarks between which the table stands");
        File.WriteAllText(page, text[..begin] + AddTo(new Table()) + text[end..]);
    }

    private IEnumerable<string[]> Singles(int threads) => Lengths.Select(length => Row(
        $"{length} tokens, {threads} thread{(threads == 1 ? "" : "s")}",
        m => m.Threads == threads && m.Batch == 1 && m.Length == length));

    private string[] Row(string name, Func<EngineRun, bool> filter)
    {
        double?[] rates = [.. Columns.Select(engine => results.Measurements
            .Find(m => m.Engine == "gau:" + engine && filter(m))?.TokensPerSecond)];
        string[] cells = [.. rates.Select(Rate)];
        return [name, .. cells[..3], $"{Ratio(rates[0] / rates[2])}, {Ratio(rates[1] / rates[2])}", .. cells[3..],
            Ratio(rates[4] / rates[5])];
    }

    private static string Rate(double? rate) => rate?.ToString("F0", CultureInfo.InvariantCulture) ?? "–";

    private static string Ratio(double? ratio) => ratio?.ToString("F2", CultureInfo.InvariantCulture) ?? "–";
}
