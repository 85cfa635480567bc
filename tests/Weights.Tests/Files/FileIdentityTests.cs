using FluentAssertions;
using GauRuntime.Weights.Files;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace GauRuntime.Weights.Tests.Files;

public sealed class FileIdentityTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public FileIdentityTests()
    {
        folder.Write("a", "a");
        Directory.CreateDirectory(folder.Path("inner"));
        File.CreateSymbolicLink(folder.Path("link"), folder.Path("a"));
        File.CreateSymbolicLink(folder.Path("link2"), "link");
        File.CreateSymbolicLink(folder.Path("inner/up"), "..");
        File.CreateSymbolicLink(folder.Path("dangling"), folder.Path("missing"));
        File.CreateSymbolicLink(folder.Path("circle"), folder.Path("circle"));
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a", "./inner/../a")]
    [InlineData("a", "link")]
    [InlineData("a", "link2")]
    [InlineData("a", "inner/up/a")]
    [InlineData("missing", "inner/../missing")]
    [InlineData("missing", "inner/up/missing")]
    [InlineData("missing", "dangling")]
    [InlineData("new/below/missing", "inner/up/new/below/missing")]
    [InlineData("inner", "inner/")]
    [InlineData("new", "new/")]
    public void Of_TwoNamesOfOneFile_IsTheSame(string name, string other) => Of(other).Should().Be(Of(name)).And.NotBeNull();

    [Theory]
    [InlineData("a", "b")]
    [InlineData("a", "inner/a")]
    [InlineData("a", "circle")]
    [InlineData("missing", "inner/missing")]
    [InlineData("new/missing", "new")]
    [InlineData("new", "missing")]
    public void Of_TwoFiles_IsNotTheSame(string name, string other)
    {
        folder.Write("b", "a");
        folder.Write("inner/a", "a");
        Of(name).Should().NotBeNull().And.NotBe(Of(other));
    }

    [Fact]
    public void Of_HardLink_IsTheSame()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("there is no command ln");
        using System.Diagnostics.Process link =
            System.Diagnostics.Process.Start("ln", [folder.Path("a"), folder.Path("hard")]);
        link.WaitForExit();
        Of("hard").Should().Be(Of("a"));
    }

    [Fact]
    public void Of_AnOpenFile_IsThatOfItsName()
    {
        using SafeFileHandle handle = File.OpenHandle(folder.Path("link"));
        FileIdentity.Of(handle).Should().Be(Of("a"));
    }

    [Fact]
    public void Of_ADevice_IsNone()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("there is no /dev/null");
        FileIdentity.Of("/dev/null").Should().BeNull();
    }

    private FileIdentity? Of(string name) => FileIdentity.Of(Path.Join(folder.Root, name));
}
