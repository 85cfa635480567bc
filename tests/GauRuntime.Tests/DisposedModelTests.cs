using FluentAssertions;
using GauRuntime.Heads;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests;

/// <summary>After Dispose the weights are no longer mapped: reading them would end the process.</summary>
public sealed class DisposedModelTests
{
    [Fact]
    public void Dispose_WhileAnotherThreadIsInAPass_LetsItEnd()
    {
        using TemporaryFolder folder = new();
        GauModel model = TestModel.Random(TestModel.GauConfig(), 1, TestModel.NoHead)
            .Load(folder.Path("model.safetensors"), WeightType.F32, KernelTiers.Current);
        using GauWorkspace workspace = new(model);
        GauBatch batch = new();
        batch.Add([.. Enumerable.Repeat(5, 400)]);
        using ManualResetEventSlim begun = new();
        int passes = 0;
        Thread thread = new(() =>
        {
            try
            {
                while (true)
                {
                    GauEncoder.Forward(model, batch, workspace);
                    passes++;
                    begun.Set();
                }
            }
            catch (ObjectDisposedException)
            {
                // The next pass is refused; the one before came to its end.
            }
        });
        thread.Start();
        begun.Wait(TestContext.Current.CancellationToken);
        model.Dispose();
        thread.Join(ChildProcess.Patience).Should().BeTrue();
        passes.Should().BePositive();
        FluentActions.Invoking(() => new GauWorkspace(model)).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void AnyComputation_AfterDispose_Throws()
    {
        using TemporaryFolder folder = new();
        HeadConfig head = TestModel.NoHead with { Kind = HeadKind.SequenceClassification, Labels = ["a", "b"] };
        GauModel model = TestModel.Random(TestModel.GauConfig(), 1, head)
            .Load(folder.Path("model.safetensors"), WeightType.F32, KernelTiers.Current);
        using GauWorkspace workspace = new(model);
        GauBatch batch = new();
        batch.Add([5, 6]);
        GauEncoder.Forward(model, batch, workspace);
        model.Dispose();

        FluentActions.Invoking(() => GauEncoder.Forward(model, batch, workspace))
            .Should().Throw<ObjectDisposedException>();
        FluentActions.Invoking(() => MaskedLmHead.Logits(model, workspace, [0], new float[50]))
            .Should().Throw<ObjectDisposedException>();
        FluentActions.Invoking(() => ClassifierHead.SequenceLogits(model, workspace, batch, 0, new float[2]))
            .Should().Throw<ObjectDisposedException>();
    }
}
