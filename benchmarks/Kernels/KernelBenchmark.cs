using BenchmarkDotNet.Attributes;
using GauRuntime.Benchmarks.Kernels.Cases;

namespace GauRuntime.Benchmarks.Kernels;

/// <summary>What BenchmarkDotNet runs: every case is a value of its parameter.</summary>
/// <remarks>Not sealed, as BenchmarkDotNet wants it.</remarks>
public class KernelBenchmark
{
    /// <summary>The cases to run; the program sets them.</summary>
    public static IReadOnlyList<KernelCase> Cases { get; set; } = [];

    /// <summary>The kernel.</summary>
    [ParamsSource(nameof(Cases))]
    public KernelCase Case { get; set; } = null!;

    /// <summary>Allocates.</summary>
    [GlobalSetup]
    public void Prepare() => Case.Prepare();

    /// <summary>Measures the peak before every iteration, since the speed of a machine drifts.</summary>
    [IterationSetup]
    public void ProbePeak() => Case.ProbePeak();

    /// <summary>Runs the kernel.</summary>
    [Benchmark]
    public void Run() => Case.Run();

    /// <summary>Measures the peak a last time and frees.</summary>
    [GlobalCleanup]
    public void Release()
    {
        Case.ProbePeak();
        Case.Release();
        Console.Error.WriteLine(Case);
    }
}
