using System.Collections.Concurrent;
using FluentAssertions;
using GauRuntime.Threads;
using Xunit;

namespace GauRuntime.Tests.Threads;

public sealed class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_ManyTimes_ExecutesEveryWorkerOnceOnItsOwnThread(int threads)
    {
        using WorkerPool pool = new(threads);
        int[] calls = new int[threads];
        Thread?[] on = new Thread?[threads];
        DelegateWork work = new(worker =>
        {
            calls[worker]++;
            on[worker] = Thread.CurrentThread;
        });
        for (int i = 1; i <= 1000; i++)
        {
            pool.Run(work);
            calls.Should().OnlyContain(count => count == i);
        }
        on.Should().OnlyHaveUniqueItems();
        on[0].Should().Be(Thread.CurrentThread);
        on.Skip(1).Select(thread => thread!.Name).Should().Equal(
            Enumerable.Range(1, threads - 1).Select(worker => $"gau worker {worker}"));
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(2, 50_000)]   // 100 000 barriers
    [InlineData(4, 5000)]
    public void Barrier_ManyTimes_NobodyIsAPhaseAhead(int threads, int phases)
    {
        using WorkerPool pool = new(threads);
        int[] phase = new int[threads * 32];   // a cache line apart
        int wrong = 0;
        pool.Run(new DelegateWork(worker =>
        {
            for (int i = 1; i <= phases; i++)
            {
                phase[worker * 32] = i;
                pool.Barrier();
                for (int other = 0; other < threads; other++)
                    if (Volatile.Read(ref phase[other * 32]) != i)
                        Interlocked.Increment(ref wrong);
                pool.Barrier();
            }
        }));
        wrong.Should().Be(0);
        for (int worker = 0; worker < threads; worker++)
            phase[worker * 32].Should().Be(phases);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_AWorkerThrows_OthersLeaveTheBarrierAndTheCallerGetsIt(int faulty)
    {
        using WorkerPool pool = new(3);
        int left = 0;
        DelegateWork work = new(worker =>
        {
            if (worker == faulty)
            {
                pool.Barrier();
                throw new FormatException("the original");
            }
            try
            {
                while (true)
                    pool.Barrier();
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref left);
                throw;
            }
        });
        for (int i = 1; i <= 200; i++)
        {
            FluentActions.Invoking(() => pool.Run(work)).Should().Throw<FormatException>().WithMessage("the original");
            left.Should().Be(2 * i);
        }
        int calls = 0;
        pool.Run(new DelegateWork(_ => Interlocked.Increment(ref calls)));
        calls.Should().Be(3, "a fault does not outlive its run");
    }

    [Fact]
    public void Run_FromTwoThreads_OneAfterTheOther()
    {
        using WorkerPool pool = new(2);
        int inside = 0;
        ConcurrentBag<int> seen = [];
        void Caller()
        {
            DelegateWork work = new(_ =>
            {
                seen.Add(Interlocked.Increment(ref inside));
                pool.Barrier();
                pool.Barrier();
                Interlocked.Decrement(ref inside);
            });
            for (int i = 0; i < 500; i++)
                pool.Run(work);
        }
        Thread[] callers = [new(Caller), new(Caller)];
        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());
        seen.Should().HaveCount(2000).And.OnlyContain(count => count <= 2);
    }

    [Fact]
    public void Dispose_Pool_EndsItsThreadsAndRefusesWork()
    {
        WorkerPool pool = new(3);
        Thread?[] on = new Thread?[3];
        pool.Run(new DelegateWork(worker => on[worker] = Thread.CurrentThread));
        pool.Dispose();
        pool.Dispose();
        on.Skip(1).Should().OnlyContain(thread => !thread!.IsAlive);
        FluentActions.Invoking(() => pool.Run(new DelegateWork(_ => { }))).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void Run_InsideOfWork_IsRefused()
    {
        using WorkerPool pool = new(1);
        FluentActions.Invoking(() => pool.Run(new DelegateWork(_ => pool.Run(new DelegateWork(_ => { })))))
            .Should().Throw<InvalidOperationException>();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Constructor_NoThreads_IsRefused(int threads) =>
        FluentActions.Invoking(() => new WorkerPool(threads)).Should().Throw<ArgumentOutOfRangeException>();
}
