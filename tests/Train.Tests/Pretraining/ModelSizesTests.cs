using GauRuntime.Tools;
using GauRuntime.Train.Pretraining;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Tests.Pretraining;

public sealed class ModelSizesTests
{
    public static TheoryData<Architecture> All => Architectures.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Create_NothingSaid_IsAnEncoderWithMaskedLm(Architecture architecture)
    {
        ModelConfig config = new ModelSizes { Architecture = architecture }.Create(3000, maxLength: 128);
        config.Fault().Should().BeNull();
        config.HasMaskedLm.Should().BeTrue();
        config.Architecture.Should().Be(architecture);
        config.MaxTokens.Should().Be(config.Traits.LearnsPositions ? 128 : null, "no position stays untrained");
    }

    [Fact]
    public void Create_NoArchitecture_IsGauAlphaOfTheSizeOfTheDefaultModel()
    {
        ModelConfig config = new ModelSizes().Create(3599, 512);
        (config.Architecture, config.LayerCount, config.HiddenSize, config.IntermediateSize, config.KeySize)
            .Should().Be((Architecture.GauAlpha, 8, 256, 512, 64));
    }

    [Theory]
    [InlineData(Architecture.GauAlpha, 256, 2, "one head")]
    [InlineData(Architecture.Bert, 250, 4, "no multiple of the 4 heads")]
    [InlineData(Architecture.RoFormer, 12, 4, "no even number")]
    public void Create_SizesOfNoEncoder_AreRefused(Architecture architecture, int hidden, int heads, string reason)
    {
        Action create = () => new ModelSizes { Architecture = architecture, Hidden = hidden, Heads = heads }.Create(99, 64);
        create.Should().Throw<ToolException>().Where(fault => fault.Code == ExitCode.Usage).WithMessage($"*{reason}*");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Read_ConfigurationOfAFixture_IsItsEncoder(Architecture architecture)
    {
        string path = Architectures.Fixture(architecture, "config.json");
        int tokens = File.ReadAllLines(Architectures.Fixture(architecture, "vocab.txt")).Length;
        ModelConfig config = new ModelSizes { Architecture = architecture }.Read(path, tokens);
        config.Architecture.Should().Be(architecture);
        config.HasMaskedLm.Should().BeTrue();
        Action other = () => new ModelSizes { Architecture = architecture }.Read(path, tokens + 1);
        other.Should().Throw<GauFormatException>().WithMessage($"{path}: vocab_size: *{tokens + 1} tokens");
    }

    [Fact]
    public void Read_TypeOfTwoArchitectures_AsksForOne()
    {
        Action read = () => new ModelSizes().Read(Architectures.Fixture(Architecture.RoFormerV2, "config.json"), 1);
        read.Should().Throw<GauFormatException>().WithMessage("*'roformer' is RoFormerV2 or RoFormer: give --architecture");
    }

    [Fact]
    public void RequireSame_OtherSizes_NamesThem()
    {
        ModelConfig config = TinyModel.ConfigOf(Architecture.Bert, v: 20);
        Refused(new ModelSizes { Layers = 3 }, config).Should().Be("m: sizes: 2, where --layers says 3");
        Refused(new ModelSizes { Architecture = Architecture.GauAlpha }, config).Should().Be(
            "m: architecture: this is BERT, and --architecture says GAU-α");
        new ModelSizes { Layers = 2, Hidden = 16, Heads = 2 }.RequireSame("m", config);
    }

    private static string Refused(ModelSizes sizes, ModelConfig config)
    {
        Action require = () => sizes.RequireSame("m", config);
        return require.Should().Throw<GauFormatException>().Which.Message;
    }
}
