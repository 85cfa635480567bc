using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Weights.Tests.ModelFile;

public sealed class PassOperationsTests
{
    private const int N = 7, Texts = 3;

    private static readonly ModelConfig Gau = TinyModel.GauConfig(v: 11, h: 8, e: 12, s: 4, layers: 2);

    private static readonly ModelConfig Former =
        Gau with { Architecture = Architecture.RoFormerV2, HeadCount = 2 };

    [Fact]
    public void Of_EveryArchitecture_IsItsProducts()
    {
        PassOperations found = PassOperations.Of(Gau, Texts, N);
        found.Dense.Should().Be(Texts * 2 * (Product(N, 8, 12 + 12 + 4) + Product(N, 12, 8)));
        found.Attention.Should().Be(Texts * 2 * (Product(N, 4, N) + Product(N, N, 12)));

        found = PassOperations.Of(Former, Texts, N);
        found.Dense.Should().Be(Texts * 2 * (
            2 * Product(N, 8, 8) + Product(N, 8, 8) + Product(N, 8, 8) + Product(N, 8, 12) + Product(N, 12, 8)));
        found.Attention.Should().Be(Texts * 2 * 2 * (Product(N, 4, N) + Product(N, N, 4)));
        found.Total.Should().Be(found.Dense + found.Attention);
    }

    [Fact]
    public void Of_OneTokenRead_IsTheLastLayersKeysOfAllAndTheRestOfOne()
    {
        PassOperations found = PassOperations.Of(Gau, Texts, N, read: 1);
        found.Dense.Should().Be(Texts * (
            Product(N, 8, 12 + 12 + 4) + Product(N, 12, 8)
            + Product(N, 8, 12 + 4) + Product(1, 8, 12 + 4) + Product(1, 12, 8)));
        found.Attention.Should().BeApproximately(
            Texts * (Product(N, 4, N) + Product(N, N, 12) + Product(1, 4, N) + Product(1, N, 12)), 1e-9);

        found = PassOperations.Of(Former, Texts, N, read: 1);
        found.Dense.Should().Be(Texts * (
            2 * Product(N, 8, 8) + Product(N, 8, 8) + Product(N, 8, 8) + Product(N, 8, 12) + Product(N, 12, 8)
            + Product(N, 8, 8) + Product(N, 8, 8)
            + Product(1, 8, 8) + Product(1, 8, 8) + Product(1, 8, 12) + Product(1, 12, 8)));
        found.Attention.Should().BeApproximately(
            Texts * 2 * (Product(N, 4, N) + Product(N, N, 4) + Product(1, 4, N) + Product(1, N, 4)), 1e-9);
    }

    [Theory]
    [InlineData(7, 8, true)]
    [InlineData(8, 8, false)]
    [InlineData(0, 1, true)]
    [InlineData(1, 1, false)]
    public void Of_MostTokensRead_IsAWholePass(int read, int n, bool few)
    {
        PassOperations.AreFew(read, n).Should().Be(few);
        foreach (ModelConfig config in (ModelConfig[])[Gau with { IntermediateSize = 48 }, Former])
            (PassOperations.Of(config, Texts, n, read).Total < PassOperations.Of(config, Texts, n).Total).Should().Be(few);
    }

    [Fact]
    public void Of_EmbeddingsOfAnotherWidth_CountTheirProjection()
    {
        ModelConfig narrow = TinyModel.ConfigOf(Architecture.RoFormer, v: 11, h: 8, e: 12) with { EmbeddingSize = 6 };
        (PassOperations.Of(narrow, Texts, N).Dense - PassOperations.Of(narrow with { EmbeddingSize = null }, Texts, N).Dense)
            .Should().Be(Texts * Product(N, 6, 8));
    }

    [Fact]
    public void Of_MatrixOfTheMaskedLm_IsNoneOfThePass() =>
        PassOperations.Of(Gau with { UntiedDecoder = true }, Texts, N).Should().Be(PassOperations.Of(Gau, Texts, N));

    [Fact]
    public void OfMatrix_InputsOfPartOfABlock_CountAsStored()
    {
        TensorSpec spec = ModelTensors.For(Former, TinyModel.NoHead).Single(
            tensor => tensor.Name == "layers.0.ffn.output");
        PassOperations.OfMatrix(spec, WeightType.Int8, 64, N).Should().Be(N * 8 * 64);
        PassOperations.OfMatrix(spec, WeightType.F32, 0, N).Should().Be(N * 8 * 16);
    }

    private static double Product(int rows, int depth, int columns) => 2.0 * rows * depth * columns;
}
