using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using GauRuntime.Benchmarks.Kernels.Report;
using Perfolizer.Horology;
using Perfolizer.Mathematics.OutlierDetection;

namespace GauRuntime.Benchmarks.Kernels;

/// <summary>Short jobs in this process: kernels are internal, and do not depend on the compiler's tiers.</summary>
internal sealed class KernelConfig : ManualConfig
{
    private const int WarmUps = 2, Iterations = 10, IterationMilliseconds = 60;

    /// <param name="log">Where BenchmarkDotNet writes what it does.</param>
    /// <param name="folder">Where it puts its files.</param>
    public KernelConfig(ILogger log, string folder)
    {
        AddJob(Job.Default
            .WithToolchain(InProcessNoEmitToolchain.Instance)
            .WithStrategy(RunStrategy.Throughput)
            .WithWarmupCount(WarmUps)
            .WithIterationCount(Iterations)
            .WithIterationTime(TimeInterval.FromMilliseconds(IterationMilliseconds))
            .WithUnrollFactor(1)   // with a set-up per iteration the default would be one run per iteration
            .WithEvaluateOverhead(false)
            .WithOutlierMode(OutlierMode.DontRemove)
            .WithGcForce(false));
        AddColumn([.. RateColumn.All]);
        AddLogger(log);
        WithOrderer(new DefaultOrderer(SummaryOrderPolicy.Declared));
        WithOptions(ConfigOptions.DisableLogFile);
        ArtifactsPath = folder;
    }
}
