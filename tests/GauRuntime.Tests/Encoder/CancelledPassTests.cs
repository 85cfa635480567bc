using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Threads;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Encoder;

/// <summary>Passes that are cancelled in their middle.</summary>
public sealed class CancelledPassTests : IDisposable
{
    private const int Layers = 4, Passes = 300;

    private readonly TemporaryFolder folder = new();
    private readonly GauModel model;

    public CancelledPassTests() => model = TestModel.Random(
        TestModel.ConfigOf(Architecture.GauAlpha) with { LayerCount = Layers }, 3)
        .Load(folder.Path("m"), WeightType.Int8, KernelTiers.Current);

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Forward_CancelledAfterALayer_BeginsNoOther()
    {
        using GauWorkspace workspace = new(model);
        using CancellationTokenSource cancel = new();
        GauBatch batch = Batch(400);
        float[] expected = Hidden(batch, workspace);
        workspace.CancellationToken = cancel.Token;
        List<int> told = [];
        FluentActions.Invoking(() => GauEncoder.Forward(model, batch, workspace, layer =>
        {
            told.Add(layer);
            if (layer == 2)
                cancel.Cancel();
        })).Should().Throw<OperationCanceledException>();
        told.Should().Equal(0, 1, 2);
        workspace.TokenCount.Should().Be(0, "nothing is left to be read");
        workspace.CancellationToken = default;
        Hidden(batch, workspace).Should().Equal(expected);
    }

    // 20 tokens: both threads share the columns of products, and wait for each other within a layer. 400: they take chunks.
    [Theory]
    [InlineData(20)]
    [InlineData(400)]
    public async Task Forward_CancelledAtAnyMoment_EndsAllThreadsOrGivesTheSameBits(int tokens)
    {
        using WorkerPool pool = new(2);
        using GauWorkspace workspace = new(model, pool);
        GauBatch batch = Batch(tokens);
        float[] expected = Hidden(batch, workspace);
        int ended = 0;
        for (int i = 0; i < Passes; i++)
        {
            using CancellationTokenSource cancel = new();
            workspace.CancellationToken = cancel.Token;
            int spins = i * 20;
            Task cancels = Task.Run(
                () =>
                {
                    Thread.SpinWait(spins);
                    cancel.Cancel();
                },
                TestContext.Current.CancellationToken);
            try
            {
                Hidden(batch, workspace).Should().Equal(expected);
            }
            catch (OperationCanceledException)
            {
                ended++;
            }
            await cancels;
        }
        using CancellationTokenSource before = new();
        await before.CancelAsync();
        workspace.CancellationToken = before.Token;
        FluentActions.Invoking(() => Hidden(batch, workspace)).Should().Throw<OperationCanceledException>();
        workspace.CancellationToken = default;
        Hidden(batch, workspace).Should().Equal(expected, "{0} of {1} passes ended before", ended, Passes);
    }

    private static GauBatch Batch(int tokens)
    {
        GauBatch batch = new();
        batch.Add([.. Enumerable.Range(0, tokens).Select(i => 5 + i * 7 % 30)]);
        return batch;
    }

    private float[] Hidden(GauBatch batch, GauWorkspace workspace)
    {
        GauEncoder.Forward(model, batch, workspace);
        return [.. Enumerable.Range(0, batch.TokenCount).SelectMany(i => workspace.Hidden(i).ToArray())];
    }
}
