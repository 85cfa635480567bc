using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Weights.Tests.ModelFile;

public sealed class RandomModelTests
{
    [Theory]
    [InlineData("base", 96_509_952)]
    [InlineData("roformer-v2-small", 15_224_832)]
    [InlineData("roformer-v2-base", 94_150_656)]
    [InlineData("roformer-v2-large", 314_277_888)]
    [InlineData("bert-base", 94_543_872)]
    [InlineData("roformer-base", 94_150_656)]
    public void Describe_PublishedSize_IsSoundAndHasItsWeights(string size, long weights)
    {
        ModelDescription model = RandomModel.Describe(size);
        model.Config.Fault().Should().BeNull();
        model.Head.Fault().Should().BeNull();
        model.Config.WeightCount.Should().Be(weights);
        model.Vocabulary.Should().HaveCount(12_000).And.OnlyHaveUniqueItems();
        RandomModel.Sizes.Should().Contain(size);
    }

    [Fact]
    public void Describe_UnknownSize_IsRefused() =>
        FluentActions.Invoking(() => RandomModel.Describe("huge")).Should().Throw<ArgumentException>()
            .WithMessage("'huge' is none of base, roformer-v2-small*");

    [Fact]
    public void Tensor_UnknownName_IsRefused() =>
        FluentActions.Invoking(() => RandomModel.Tensor(OddModel.Description, "layers.9.gau.i_dense"))
            .Should().Throw<ArgumentException>();

    [Fact]
    public void Tensor_AnyMachine_IsTheSameAndNearlyNormal()
    {
        ModelDescription model = RandomModel.Describe("roformer-v2-small");
        float[] w = RandomModel.Tensor(model, "layers.0.ffn.intermediate");
        w.Should().HaveCount(384 * 1536);
        // The first numbers, computed apart with integers of any length (Python).
        w.Take(3).Should().Equal(-0.0187253393f, -0.0173793361f, 0.0217599124f);
        double square = w.Average(x => (double)x * x);
        Math.Sqrt(square).Should().BeApproximately(1 / Math.Sqrt(384), 1e-4);
        w.Average().Should().BeApproximately(0, 3e-4f);
        RandomModel.Tensor(model, "layers.1.ffn.intermediate")[0].Should().NotBe(w[0]);
    }

    [Fact]
    public void Tensor_OfALayerNorm_ScalesByAboutOne()
    {
        float[] gamma = RandomModel.Tensor(RandomModel.Describe("bert-base"), "layers.11.ffn.norm.gamma");
        gamma.Average().Should().BeApproximately(1, 0.03f);   // of 768 weights, deviation 0.2
        gamma.Should().OnlyContain(weight => weight > 0.2f && weight < 1.8f);
        gamma.Average(weight => (weight - 1) * (weight - 1)).Should().BeApproximately(0.04f, 0.01f);
    }

    [Fact]
    public unsafe void Write_SmallModel_HoldsTheTensors()
    {
        using TemporaryFolder folder = new();
        string path = folder.Path("random.safetensors");
        RandomModel.Write(path, OddModel.Description, WeightType.F32, 0);
        using ModelFileReader file = ModelFileReader.Open(path);
        float[] w = RandomModel.Tensor(OddModel.Description, "layers.0.gau.o_dense");   // [h = 5, e = 6]
        file.Matrix("layers.0.gau.o_dense").Floats(1)[0].Should().Be(w[6]);
    }
}
