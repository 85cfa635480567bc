using FluentAssertions;
using GauRuntime.Weights.Files;
using Xunit;

namespace GauRuntime.Weights.Tests.Files;

public sealed class TemporaryNameTests
{
    [Theory]
    [InlineData("x/out.tmp.0123456789abcdef0123456789abcdef' is", "x/out' is")]
    [InlineData("a.tmp.0123456789abcdef0123456789abcdef b.tmp.0123456789abcdef0123456789abcdef", "a b")]
    [InlineData("a.tmp.0123456789abcdef0123456789abcdef.block64'", "a'")]
    [InlineData("a.tmp.0123456789abcdef0123456789abcdef. b", "a. b")]
    [InlineData("out.tmp.0123", "out.tmp.0123")]
    [InlineData("out.tmp.0123456789abcdef0123456789abcdef0", "out.tmp.0123456789abcdef0123456789abcdef0")]
    [InlineData(".tmp..tmp.", ".tmp..tmp.")]
    public void Hide_TemporaryNames_LeavesThoseTheFilesWillHave(string text, string shown) =>
        TemporaryName.Hide(text).Should().Be(shown);

    [Fact]
    public void Of_TheSamePathTwice_AreNamesThatHideTakesAway()
    {
        string name = TemporaryName.Of("a/model.safetensors"), other = TemporaryName.Of("a/model.safetensors");
        other.Should().NotBe(name);
        TemporaryName.Hide($"{name} and {other}").Should().Be("a/model.safetensors and a/model.safetensors");
    }
}
