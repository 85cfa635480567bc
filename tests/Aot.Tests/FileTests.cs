using FluentAssertions;
using GauRuntime.Cli.Tests;
using Xunit;

namespace GauRuntime.Aot.Tests;

/// <summary>One file that needs no library, and one that needs nothing but the C library.</summary>
public sealed class FileTests(PublishedFile published)
{
    private const long LargestBytes = 17 * 1000 * 1000;

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
    public void File_NeedsNeitherALibraryNorALoader()
    {
        (int code, string output, string error) = ChildProcess.Shell($"readelf -lW '{program}'");
        code.Should().Be(0, error);
        output.Should().Contain("LOAD").And.NotContain("INTERP").And.NotContain("DYNAMIC");
    }

    [Fact]
    public void DynamicFile_Libraries_AreThoseOfTheCLibrary()
    {
        (int code, string output, string error) = ChildProcess.Shell($"readelf -d '{published.Dynamic}'");
        code.Should().Be(0, error);
        string[] needed = [.. output.Split('\n').Where(line => line.Contains("(NEEDED)", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf('[', StringComparison.Ordinal) + 1)..^1])];
        needed.Should().Contain("libc.so.6").And.BeSubsetOf(CLibrary);
    }

    /// <summary>docs/native.md says which version of glibc it needs where it is linked on Debian 12, as here.</summary>
    [Fact]
    public void DynamicFile_LinkedOnDebian12_NeedsGlibc2_34()
    {
        Assert.SkipUnless(
            ChildProcess.Shell("grep -q '^VERSION_ID=\"12\"' /etc/os-release && ldd --version | grep -q Debian").Code == 0,
            "the least glibc is that of the machine that links, and this one is not Debian 12");
        (int code, string output, string error) = ChildProcess.Shell(
            $"readelf -VW '{published.Dynamic}' | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1");
        code.Should().Be(0, error);
        output.Should().Be("GLIBC_2.34\n");
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
        Programs.Copy(program, folder.Root);
        folder.Write("in.txt", "第一条　为了规范网络数据处理活动，制定本条例。\n");
        (int code, string output, string error) = ChildProcess.Shell(
            $"cd '{folder.Root}' && chmod 555 . && env -i HOME=/nowhere PATH=/nowhere ./gau score in.txt; "
            + "code=$?; chmod 755 .; exit $code");
        code.Should().Be(0, error);
        output.Should().StartWith("{\"id\":0,\"label\":");
        folder.Files.Should().Equal("gau", "in.txt");
    }
}
