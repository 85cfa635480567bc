using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace GauRuntime.Benchmarks.Kernels.Report;

/// <summary>A column of BenchmarkDotNet's summary and of the report.</summary>
internal sealed class RateColumn(string name, string legend, Func<Rates, FormattableString?> value) : IColumn
{
    private const string Missing = "–";

    /// <summary>All columns, from left to right.</summary>
    public static IReadOnlyList<RateColumn> All { get; } =
    [
        new("kernel", "Kernel", rates => $"{rates.Case.Name}") { IsNumeric = false },
        new("shape", "Its operands", rates => $"{rates.Case.Shape}") { IsNumeric = false },
        new("tier", "Kernel tier", rates => $"{rates.Case.Tier}") { IsNumeric = false },
        new("unit", "10⁹ operations or bytes per second", rates => $"{rates.Case.Section.Unit}") { IsNumeric = false },
        new("median", "Rate of the median iteration", rates => $"{rates.Median:F1}"),
        new("best", "Rate of the fastest iteration", rates => $"{rates.Best:F1}"),
        new("peak", "Highest rate of the probe between the iterations", rates => $"{rates.Case.Peak:F1}"),
        new("of peak, median", "median / peak", rates => $"{rates.Median / rates.Case.Peak:P0}"),
        new("of peak, best", "best / peak", rates => $"{rates.Best / rates.Case.Peak:P0}"),
        new("ns/element", "Time of the median iteration per result", rates =>
            rates.Case.Elements > 0 ? (FormattableString)$"{rates.NanosecondsPerElement:F3}" : null),
    ];

    public string Id => $"{nameof(RateColumn)}.{name}";

    public string ColumnName => name;

    public string Legend => legend;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => All.TakeWhile(column => column != this).Count();

    public bool IsNumeric { get; private init; } = true;

    public UnitType UnitType => UnitType.Dimensionless;

    /// <summary>A cell.</summary>
    public string Text(Rates rates) => value(rates)?.ToString(CultureInfo.InvariantCulture) ?? Missing;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) =>
        Rates.Of(summary, benchmarkCase) is Rates rates ? Text(rates) : Missing;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
        GetValue(summary, benchmarkCase);

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;
}
