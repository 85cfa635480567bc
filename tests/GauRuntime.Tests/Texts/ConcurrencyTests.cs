using FluentAssertions;
using Xunit;

namespace GauRuntime.Tests.Texts;

/// <summary>Runs alone: memory and handles of the process are measured.</summary>
[CollectionDefinition(nameof(ConcurrencyTests), DisableParallelization = true)]
public sealed class ConcurrencyCollection;

[Collection(nameof(ConcurrencyTests))]
public sealed class ConcurrencyTests
{
    private const int Threads = 8;

    [Fact]
    public void Classify_EightThreadsOnOneModel_GivesTheBitsOfOne()
    {
        using GauModel alone = GauModel.Load(LegalModel.Path, maxConcurrency: 1);
        float[][] expected = [.. LegalModel.Texts.Select(text => new GauClassifier(alone).Classify(text).Values.ToArray())];
        using GauModel model = GauModel.Load(LegalModel.Path, maxConcurrency: 3);
        GauClassifier classifier = new(model);
        int wrong = 0, right = 0;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(t => new Thread(() =>
        {
            for (int i = 0; i < expected.Length; i++)
            {
                int text = (i + t) % expected.Length;
                bool same = classifier.Classify(LegalModel.Texts[text]).Values.Span.SequenceEqual(expected[text]);
                Interlocked.Increment(ref same ? ref right : ref wrong);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        (right, wrong).Should().Be((Threads * expected.Length, 0));
    }

    [Fact]
    public void Rent_MoreCallersThanSessions_WaitForOneThatReturns()
    {
        using GauModel model = GauModel.Load(LegalModel.Path, maxConcurrency: 2);
        var one = model.Sessions.Rent(TestContext.Current.CancellationToken);
        var two = model.Sessions.Rent(TestContext.Current.CancellationToken);
        using CancellationTokenSource patience = new(TimeSpan.FromMilliseconds(50));
        FluentActions.Invoking(() => model.Sessions.Rent(patience.Token)).Should().Throw<OperationCanceledException>();
        model.Sessions.Return(two);
        var again = model.Sessions.Rent(TestContext.Current.CancellationToken);
        again.Should().BeSameAs(two);
        model.Sessions.Return(again);
        model.Sessions.Return(one);
    }

    [Fact]
    public void Load_NoConcurrency_IsRefused() =>
        FluentActions.Invoking(() => GauModel.Load(LegalModel.Path, maxConcurrency: 0))
            .Should().Throw<ArgumentOutOfRangeException>().WithParameterName("maxConcurrency");

    [Fact]
    public void Dispose_WhileASessionIsRented_EndsLaterCallsInObjectDisposed()
    {
        GauModel model = GauModel.Load(LegalModel.Path);
        GauClassifier classifier = new(model);
        classifier.Classify(LegalModel.Texts[0]);
        var session = model.Sessions.Rent(TestContext.Current.CancellationToken);
        model.Dispose();
        model.Sessions.Return(session);
        FluentActions.Invoking(() => classifier.Classify(LegalModel.Texts[0])).Should().Throw<ObjectDisposedException>();
        FluentActions.Invoking(() => classifier.Classify(LegalModel.Texts)).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void LoadAndDispose_AThousandTimes_LeavesNeitherMemoryNorHandles()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "memory and handles are counted in /proc");
        using TemporaryFolder folder = new();
        string path = folder.Path("model.safetensors");
        TinyModel.Write(path, TinyModel.Sequence);
        Open(path, 200);
        (long memory, int handles, int maps) before = Usage();
        Open(path, 1000);
        (long memory, int handles, int maps) after = Usage();
        // The buffers that a model and its session hold are 600 KB: one in forty left behind would show.
        (after.memory - before.memory).Should().BeLessThan(16 << 20);
        after.handles.Should().BeLessThan(before.handles + 20);
        after.maps.Should().Be(before.maps);
    }

    private static void Open(string path, int times)
    {
        for (int i = 0; i < times; i++)
        {
            using GauModel model = GauModel.Load(path);
            new GauClassifier(model).Classify("天气");
        }
    }

    private static (long Memory, int Handles, int Maps) Usage()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        string rss = File.ReadLines("/proc/self/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        long memory = 1024 * long.Parse(rss.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], null);
        int maps = File.ReadLines("/proc/self/maps").Count(line => line.Contains("gau-test-", StringComparison.Ordinal));
        return (memory, Directory.GetFiles("/proc/self/fd").Length, maps);
    }
}
