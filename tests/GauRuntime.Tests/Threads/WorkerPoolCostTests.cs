using System.Diagnostics;
using FluentAssertions;
using GauRuntime.Threads;
using Xunit;

namespace GauRuntime.Tests.Threads;

/// <summary>Runs alone: it measures what the whole process allocates and takes.</summary>
[CollectionDefinition(nameof(WorkerPoolCostTests), DisableParallelization = true)]
public sealed class WorkerPoolCostCollection;

/// <summary>What a pool costs: no allocation at work, no processor time when idle.</summary>
[Collection(nameof(WorkerPoolCostTests))]
public sealed class WorkerPoolCostTests
{
    private const int Tries = 100;   // the runtime's own threads work now and then

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Run_WithBarriersAndSleep_AllocatesNothing(int threads)
    {
        using WorkerPool pool = new(threads);
        long[] allocated = new long[threads];
        DelegateWork work = new(worker =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10; i++)
                pool.Barrier();
            if (worker == 0)
                Thread.Sleep(1);   // long enough for the others to go to sleep
            pool.Barrier();
            allocated[worker] += GC.GetAllocatedBytesForCurrentThread() - before;
        });
        void Runs()
        {
            for (int i = 0; i < 50; i++)
            {
                pool.Run(work);
                if (i % 10 == 0)
                    Thread.Sleep(1);
            }
        }
        Runs();
        long total = long.MaxValue, caller = long.MaxValue;
        for (int i = 0; i < Tries && total > 0; i++)
        {
            if (i > 0)
                Thread.Sleep(20);
            Array.Clear(allocated);
            long before = GC.GetTotalAllocatedBytes(precise: true), mine = GC.GetAllocatedBytesForCurrentThread();
            Runs();
            caller = GC.GetAllocatedBytesForCurrentThread() - mine;
            total = GC.GetTotalAllocatedBytes(precise: true) - before;
        }
        allocated.Should().OnlyContain(bytes => bytes == 0);
        caller.Should().Be(0);
        total.Should().Be(0);
    }

    [Fact]
    public void IdlePool_TakesNoProcessorTime()
    {
        using WorkerPool pool = new(4);
        DelegateWork work = new(_ => pool.Barrier());
        pool.Run(work);
        using Process process = Process.GetCurrentProcess();
        TimeSpan least = TimeSpan.MaxValue;
        for (int i = 0; i < Tries && least >= TimeSpan.FromMilliseconds(20); i++)
        {
            process.Refresh();
            TimeSpan before = process.TotalProcessorTime;
            Thread.Sleep(200);
            process.Refresh();
            TimeSpan taken = process.TotalProcessorTime - before;
            if (taken < least)
                least = taken;
        }
        least.Should().BeLessThan(TimeSpan.FromMilliseconds(20));
    }
}
