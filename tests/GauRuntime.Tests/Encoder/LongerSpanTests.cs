using FluentAssertions;
using GauRuntime.Heads;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Encoder;

/// <summary>Spans that are longer than an answer, as pools of arrays give them, get the answer and keep their rest.</summary>
public sealed class LongerSpanTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly GauModel model;
    private readonly GauWorkspace workspace;
    private readonly GauBatch batch = new();

    public LongerSpanTests()
    {
        TinyModel.Write(folder.Path("model"), TinyModel.Sequence);
        model = GauModel.Load(folder.Path("model"));
        workspace = new GauWorkspace(model);
        batch.Add([2, 6, 7, 8, 3]);
        GauEncoder.Forward(model, batch, workspace);
    }

    public void Dispose()
    {
        workspace.Dispose();
        model.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void ClassifierHead_Probabilities_AreThoseOfTheLabels() => ShouldFill(
        model.Head.OutputCount, span => ClassifierHead.TryProbabilities(model, workspace, batch, 0, span));

    [Fact]
    public void MaskedLmHead_Probabilities_AreThoseOfTheVocabulary() =>
        ShouldFill(model.Config.VocabSize, span => MaskedLmHead.TryProbabilities(model, workspace, 1, span));

    [Fact]
    public void Pooler_Vector_IsScaledByItsOwnLength() => ShouldFill(
        model.Config.HiddenSize, span => Pooler.TryVector(workspace, batch, 0, Pooling.Mean, normalize: true, span));

    [Fact]
    public void Pooler_PoolingThatThereIsNot_IsRefused() =>
        FluentActions.Invoking(() => Pooler.Pool(workspace, batch, 0, (Pooling)99, new float[model.Config.HiddenSize]))
            .Should().Throw<ArgumentOutOfRangeException>().WithParameterName("pooling");

    private static void ShouldFill(int length, Func<float[], bool> fill)
    {
        float[] exact = new float[length], longer = new float[length + 13];
        Array.Fill(longer, float.NaN);
        fill(exact).Should().BeTrue();
        fill(longer).Should().BeTrue();
        longer[..length].Should().Equal(exact);
        longer[length..].Should().OnlyContain(number => float.IsNaN(number));
    }
}
