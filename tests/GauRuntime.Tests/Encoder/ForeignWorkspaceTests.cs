using FluentAssertions;
using GauRuntime.Heads;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Encoder;

/// <summary>A workspace has the buffers of its model: nothing computes with those of another.</summary>
public sealed class ForeignWorkspaceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Heads_WorkspaceOfAnotherModel_IsRefused()
    {
        using GauModel own = Load("a", HeadKind.SequenceClassification), other = Load("b", HeadKind.SequenceClassification);
        using GauModel tokens = Load("c", HeadKind.TokenClassification);
        using GauWorkspace workspace = new(own);
        GauBatch batch = new();
        batch.Add([2, 5, 3]);
        GauEncoder.Forward(own, batch, workspace);
        float[] logits = new float[own.Config.VocabSize];
        ClassifierHead.SequenceLogits(own, workspace, batch, 0, logits);
        Action[] foreign =
        [
            () => ClassifierHead.SequenceLogits(other, workspace, batch, 0, logits),
            () => ClassifierHead.TryProbabilities(other, workspace, batch, 0, logits),
            () => ClassifierHead.TokenLogits(tokens, workspace, 0, logits),
            () => MaskedLmHead.Logits(other, workspace, [0], logits),
            () => MaskedLmHead.TryProbabilities(other, workspace, 0, logits),
            () => GauEncoder.Forward(other, batch, workspace),
        ];
        foreach (Action call in foreign)
            call.Should().Throw<ArgumentException>().WithMessage("the workspace belongs to another model");
    }

    private GauModel Load(string name, HeadKind kind)
    {
        string path = folder.Path(name + ".safetensors");
        TinyModel.Write(path, TinyModel.HeadOf(Architecture.GauAlpha, kind));
        return GauModel.Load(path);
    }
}
