using FluentAssertions;
using GauRuntime.Weights.Files;
using Xunit;

namespace GauRuntime.Weights.Tests.Files;

/// <summary>Names brought to the disk, and what is no fault of it.</summary>
public sealed class FolderFlushTests
{
    private const int NoSpace = 28, InputOutput = 5, Invalid = 22, ReadOnlyDisk = 30, BadDescriptor = 9;

    [Fact]
    public void Of_FolderThatCanBeFlushedOrNot_GoesOn()
    {
        using TemporaryFolder folder = new();
        FolderFlush.Of(folder.Write("file", ""));
        FolderFlush.Of("/proc/self/status");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Invalid)]
    [InlineData(ReadOnlyDisk)]
    [InlineData(BadDescriptor)]
    public void Require_NoSuchOperation_GoesOn(int error) =>
        FluentActions.Invoking(() => FolderFlush.Require(error, "/folder")).Should().NotThrow();

    [Theory]
    [InlineData(InputOutput)]
    [InlineData(NoSpace)]
    public void Require_DiskThatFailed_IsSaid(int error) =>
        FluentActions.Invoking(() => FolderFlush.Require(error, "/folder")).Should().Throw<IOException>()
            .WithMessage("* : '/folder'").Which.HResult.Should().Be(error);
}
