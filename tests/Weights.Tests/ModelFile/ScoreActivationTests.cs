using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Weights.Tests.ModelFile;

/// <summary>What makes a logit a score stands in a model file where a cross-encoder says it.</summary>
public sealed class ScoreActivationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData(Activation.Identity)]
    [InlineData(Activation.Sigmoid)]
    public void Write_OfAHead_ComesBackAndIsAbsentWhereNothingIsSaid(Activation? activation)
    {
        string path = folder.Path("cross.safetensors");
        TinyModel.Write(path, TinyModel.CrossEncoder with { ScoreActivation = activation });
        using ModelFileReader model = ModelFileReader.Open(path);
        model.Description.Head.ScoreActivation.Should().Be(activation);
        model.Metadata["gau.head"].Contains("score_activation", StringComparison.Ordinal).Should().Be(activation is not null);
        model.Metadata["gau.format"].Should().NotBe("3", "readers that do not know it compute the same logits");
    }

    [Fact]
    public void Fault_HeadWithoutOneOutput_HasNoScore()
    {
        HeadConfig cross = TinyModel.CrossEncoder with { ScoreActivation = Activation.Sigmoid };
        cross.Fault().Should().BeNull();
        (cross with { Labels = ["a", "b"], ProblemType = ProblemType.SingleLabel }).Fault().Should().Be(
            "score_activation is for a sequence classifier with one output");
        (cross with { Kind = HeadKind.TokenClassification }).Fault().Should().StartWith("score_activation is for");
        (cross with { ScoreActivation = Activation.Tanh }).Fault().Should().Be(
            "score_activation tanh is neither identity nor sigmoid");
    }
}
