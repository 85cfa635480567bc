using FluentAssertions;
using GauRuntime.Cli.Tests;
using Xunit;

namespace GauRuntime.Aot.Tests;

/// <summary>One file that needs nothing but the C library.</summary>
public sealed class FileTests(PublishedFile published)
{
    private const long LargestBytes = 25 * 1000 * 1000;

    private static readonly string[] CLibrary =
        ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "ld-linux-x86-64.so.2"];

    private readonly string program = published.OrSkip().Program;

    [Fact]
    public void Publish_Folder_HoldsOneFileWithinTheBudget()
    {
        Directory.EnumerateFileSystemEntries(published.Folder).Should().Equal(program);
        new FileInfo(program).Length.Should().BeLessThanOrEqualTo(LargestBytes);
    }

    [Fact]
    public void Libraries_AreThoseOfTheCLibrary()
    {
        (int code, string output, string error) = ChildProcess.Shell($"readelf -d '{program}'");
        code.Should().Be(0, error);
        string[] needed = [.. output.Split('\n').Where(line => line.Contains("(NEEDED)", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf('[', StringComparison.Ordinal) + 1)..^1])];
        needed.Should().Contain("libc.so.6").And.BeSubsetOf(CLibrary);
    }

    [Fact]
    public void Addresses_AreFixed_SoThatAStartRelocatesNothing()
    {
        (int code, string output, string error) = ChildProcess.Shell($"readelf -hrW '{program}'");
        code.Should().Be(0, error);
        output.Should().MatchRegex(@"Type:\s+EXEC").And.NotContain("_RELATIVE");
    }

    [Fact]
    public void Symbols_AreStripped()
    {
        (int code, string output, string error) = ChildProcess.Shell($"readelf -SW '{program}'");
        code.Should().Be(0, error);
        output.Should().Contain(".text").And.NotContain(".symtab").And.NotContain(".debug_info");
    }

    [Fact]
    public void Score_AloneInAFolderWithoutEnvironment_Works()
    {
        using TemporaryFolder folder = new();
        folder.Copy(program);
        folder.Write("in.txt", "第一条　为了规范网络数据处理活动，制定本条例。\n");
        (int code, string output, string error) = ChildProcess.Shell(
            $"cd '{folder.Root}' && chmod 555 . && env -i HOME=/nowhere PATH=/nowhere ./gau score in.txt; "
            + "code=$?; chmod 755 .; exit $code");
        code.Should().Be(0, error);
        output.Should().StartWith("{\"id\":0,\"label\":");
        folder.Files.Should().Equal("gau", "in.txt");
    }
}
