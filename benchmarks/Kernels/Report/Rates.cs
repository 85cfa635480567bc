using BenchmarkDotNet.Mathematics;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using GauRuntime.Benchmarks.Kernels.Cases;

namespace GauRuntime.Benchmarks.Kernels.Report;

/// <summary>How fast a case ran.</summary>
/// <param name="Case">The case.</param>
/// <param name="Median">Rate of the median iteration, in the section's unit.</param>
/// <param name="Best">Rate of the fastest iteration.</param>
internal sealed record Rates(KernelCase Case, double Median, double Best)
{
    /// <summary>Time of the median iteration.</summary>
    public double NanosecondsPerElement => Case.Work / Median / Case.Elements;

    /// <summary>null: the case did not run.</summary>
    public static Rates? Of(Summary summary, BenchmarkCase benchmark) =>
        benchmark.Parameters[nameof(KernelBenchmark.Case)] is KernelCase kernel
        && summary[benchmark]?.ResultStatistics is Statistics times
            ? new Rates(kernel, kernel.Work / times.Median, kernel.Work / times.Min)   // per ns: 10⁹ per second
            : null;
}
