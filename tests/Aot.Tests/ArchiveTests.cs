using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Cli.Tests;
using Xunit;

namespace GauRuntime.Aot.Tests;

/// <summary>What <c>.ci/publish</c> made: unpacked and used as the README inside says, where there is no .NET.</summary>
public sealed class ArchiveTests : IDisposable
{
    private static readonly string Release = Path.Combine(Fixtures.Root, "artifacts", "release");

    private readonly TemporaryFolder root = new();

    public ArchiveTests()
    {
        TestLevel.RequireCi();
        Assert.SkipUnless(File.Exists(Path.Combine(Release, "SHA256SUMS")), "there is no release: .ci/publish makes one");
    }

    public void Dispose() => root.Dispose();

    [Fact]
    public void Sums_OfTheRelease_AreThoseOfItsFiles()
    {
        (string Name, string Sum)[] sums = [.. File.ReadLines(Path.Combine(Release, "SHA256SUMS"))
            .Select(line => (line[66..], line[..64]))];
        sums.Select(sum => sum.Name).Should().BeEquivalentTo(
            Directory.EnumerateFiles(Release).Select(Path.GetFileName).Where(name => name != "SHA256SUMS"));
        foreach ((string name, string sum) in sums)
        {
            using FileStream file = File.OpenRead(Path.Combine(Release, name));
            Convert.ToHexStringLower(SHA256.HashData(file)).Should().Be(sum, name);
        }
    }

    [Theory]
    [InlineData("gau", "linux-x64", "gau")]
    [InlineData("gau", "linux-arm64", "gau")]
    [InlineData("gau", "win-x64", "gau.exe")]
    [InlineData("gau-desktop", "linux-x64", "gau-desktop")]
    [InlineData("gau-desktop", "linux-arm64", "gau-desktop")]
    [InlineData("gau-desktop", "win-x64", "gau-desktop.exe")]
    [InlineData("libgau", "linux-x64", "libgau.so")]
    [InlineData("libgau", "linux-arm64", "libgau.so")]
    public void Archive_Unpacked_HasTheProgramWithItsPapers(string name, string platform, string program)
    {
        string folder = Unpacked(name, platform);
        File.Exists(Path.Combine(folder, program)).Should().BeTrue();
        File.ReadAllText(Path.Combine(folder, "LICENSE")).Should().Contain("Apache License");
        string notices = File.ReadAllText(Path.Combine(folder, "THIRD-PARTY-NOTICES.txt"));
        notices.Should().Contain(".NET").And.Contain("MIT");
        bool isStatic = name != "libgau" && platform.StartsWith("linux", StringComparison.Ordinal);
        notices.Contains("GNU C Library", StringComparison.Ordinal).Should().Be(isStatic, "only a static program holds it");
        JsonElement bill = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "sbom.cdx.json"))).RootElement;
        bill.GetProperty("bomFormat").GetString().Should().Be("CycloneDX");
        bill.GetProperty("components").EnumerateArray().Should().NotBeEmpty()
            .And.OnlyContain(part => part.GetProperty("version").GetString()!.Length > 0);
        // What no package of NuGet brings: the C library of a static program, the runtime where nothing is compiled ahead.
        string[] besides = [.. bill.GetProperty("metadata").GetProperty("component").TryGetProperty("components", out JsonElement parts)
            ? parts.EnumerateArray().Select(part => part.GetProperty("name").GetString()!) : []];
        besides.Contains("glibc").Should().Be(isStatic);
        besides.Contains("Microsoft.NETCore.App.Runtime.win-x64").Should().Be(platform == "win-x64");
        besides.Contains($"Microsoft.AspNetCore.App.Runtime.{platform}").Should().Be(name == "gau-desktop");
    }

    [Fact]
    public void Gau_InARootWithNothingElse_DoesWhatItsReadmeSays()
    {
        Assert.SkipUnless(ChildProcess.Shell("unshare -r true").Code == 0, "this machine lets nobody change the root of a process");
        string folder = Unpacked("gau", "linux-x64");
        string[] lines = [.. File.ReadLines(Path.Combine(folder, "README.md"))
            .Where(line => line.StartsWith("./gau ", StringComparison.Ordinal))];
        lines.Should().NotBeEmpty();
        foreach (string line in lines)
        {
            string arguments = line["./gau ".Length..];
            Programs.Outcome found = Programs.Run(
                $"env -i PATH=\"$PATH\" unshare -r chroot '{folder}' /gau", folder, arguments);
            found.Code.Should().Be(0, found.Error);
            found.Output.Should().Be(Programs.Run(Programs.Jit, root.Root, arguments).Output);
        }
    }

    [Fact]
    public void Libgau_Unpacked_IsBuiltWithAndRunAsItsReadmeSays()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "the archive is for x64 Linux");
        Assert.SkipUnless(ChildProcess.Shell("command -v cc").Code == 0, "no C compiler: install gcc or clang");
        string folder = Unpacked("libgau", "linux-x64");
        string[] lines = [.. File.ReadLines(Path.Combine(folder, "README.md"))
            .SkipWhile(line => line != "```sh").Skip(1).TakeWhile(line => line != "```")];
        lines.Should().HaveCountGreaterThan(2);
        (int code, string output, string error) = ChildProcess.Shell($"set -e; cd '{folder}'\n{string.Join('\n', lines)}");
        code.Should().Be(0, error);
        output.Should().Contain("法律=").And.Contain("\t行\t");
    }

    private string Unpacked(string name, string platform)
    {
        string[] archives = Directory.GetFiles(Release, $"{name}-?.*-{platform}.tar.gz");
        Assert.SkipWhen(archives.Length == 0, $"the release has nothing for {platform}: GAU_RIDS of .ci/publish left it out");
        using FileStream file = File.OpenRead(archives.Should().ContainSingle().Subject);
        using GZipStream gzip = new(file, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(gzip, root.Root, overwriteFiles: false);
        return Directory.GetDirectories(root.Root).Should().ContainSingle().Subject;
    }
}
