using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Weights.Tests.ModelFile;

/// <summary>Where texts are cut stands in a model file where the model's files say it, and leaves room for a pair.</summary>
public sealed class HeadLimitTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData(4)]
    [InlineData(65_536)]
    public void Write_Limit_IsKeptInVersion3(int? limit)
    {
        string path = folder.Path("m.safetensors");
        TinyModel.Write(path, TinyModel.Sequence with { MaxTokens = limit });
        using ModelFileReader model = ModelFileReader.Open(path);
        model.Description.Head.MaxTokens.Should().Be(limit);
        model.Metadata["gau.head"].Contains("max_tokens", StringComparison.Ordinal).Should().Be(limit is not null);
        model.Metadata["gau.format"].Should().Be(limit is null ? "2" : "3");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65_537)]
    public void Open_LimitWithoutRoom_IsRefused(int limit)
    {
        string path = folder.Path("m.safetensors");
        TinyModel.Write(path, TinyModel.Sequence with { MaxTokens = limit });
        FluentActions.Invoking(() => ModelFileReader.Open(path).Dispose()).Should().Throw<GauFormatException>()
            .WithMessage($"*gau.head: max_tokens {limit} is outside of 4 to 65536*");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(65_537)]
    public void Fault_PositionsWithoutRoom_AreNamed(int positions) =>
        (TinyModel.ConfigOf(Architecture.Bert, v: 9) with { PositionCount = positions }).Fault().Should().Be(
            $"position_count {positions} is outside of 4 to 65536");
}
