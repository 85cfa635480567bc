using System.IO.Compression;
using System.Runtime.InteropServices;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Library.Tests;

/// <summary><c>gau</c> and <c>gau-convert</c> as tools of .NET, packed by <c>.ci/pack</c>, installed from its folder and run.</summary>
public sealed class ToolPackageTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(18);

    private static readonly string[] Packages =
    [
        $"gau-convert.{Repository.Version}.nupkg", $"gau.{Repository.Version}.nupkg", $"gau.any.{Repository.Version}.nupkg",
        $"gau.linux-x64.{Repository.Version}.nupkg",
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Tools_InstalledFromTheFolder_ScoreAndConvert()
    {
        Pack();
        CheckContent();

        Shell("dotnet tool install gau --tool-path tools --source packages");
        Shell("dotnet tool install gau-convert --tool-path tools --source packages");
        string sample = Repository.At("samples", "legal.jsonl");
        string expected = Shell($"dotnet '{Path.Combine(AppContext.BaseDirectory, "gau.dll")}' score '{sample}'");
        expected.Should().StartWith("{\"id\":\"law-01\",");
        Shell($"tools/gau score '{sample}'").Should().Be(expected);
        Shell($"dotnet dnx gau --yes --source packages score '{sample}'").Should().Be(expected);
        Shell($"tools/gau-convert '{Repository.At("models", "legal")}' -o model.safetensors");
        Shell($"tools/gau score '{sample}' --model model.safetensors").Should().Be(expected);

        // What other platforms than those with a native file install.
        ZipFile.ExtractToDirectory(folder.Path($"packages/gau.any.{Repository.Version}.nupkg"), folder.Path("any"));
        Shell($"dotnet any/tools/net10.0/any/gau.dll score '{sample}'").Should().Be(expected);
    }

    private void Pack()
    {
        TestLevel.RequireLong();
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64,
            "the native tool is packed and run on x64 Linux");
        Assert.SkipUnless(
            ChildProcess.Shell("command -v clang || command -v gcc").Code == 0,
            "no C compiler, which links the native tool: install clang or gcc");
        string gate = Path.Combine(Fixtures.Root, "artifacts", "tests", "publish.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(gate)!);
        foreach (string target in (string[])["packages", "again"])
        {
            (int code, string output, string error) = ChildProcess.Shell(
                $"GAU_RIDS=linux-x64 flock '{gate}' '{Repository.At(".ci", "pack")}' '{folder.Path(target)}'", Patience);
            code.Should().Be(0, output + error);
        }
        string[] packed = [.. Directory.GetFiles(folder.Path("packages")).Select(path => Path.GetFileName(path)!)];
        packed.Should().Contain(Packages);
        foreach (string name in packed)
            File.ReadAllBytes(folder.Path($"again/{name}")).Should().Equal(File.ReadAllBytes(folder.Path($"packages/{name}")), name);
    }

    private void CheckContent()
    {
        foreach (string name in Packages)
        {
            using ZipArchive package = ZipFile.OpenRead(folder.Path($"packages/{name}"));
            string[] entries = [.. package.Entries.Select(entry => entry.FullName)];
            entries.Should().Contain(["README.md", "icon.png"], name).And.NotContain(entry => entry.EndsWith(".pdb"), name);
            if (name == $"gau.{Repository.Version}.nupkg")
                continue;   // it only says which of the others is for which platform
            entries.Should().Contain("THIRD-PARTY-NOTICES.txt", name);
            using StreamReader notices = new(package.GetEntry("THIRD-PARTY-NOTICES.txt")!.Open());
            notices.ReadToEnd().Contains("GNU C Library", StringComparison.Ordinal).Should().Be(name.Contains("linux"), name);
        }
    }

    // Everything that .NET keeps of a user goes into the folder too.
    private string Shell(string command)
    {
        (int code, string output, string error) = ChildProcess.Shell(
            $"cd '{folder.Root}' && export NUGET_PACKAGES='{folder.Path("cache")}' DOTNET_CLI_HOME='{folder.Path("home")}' && {command}",
            Patience);
        return code == 0 ? output : throw new InvalidOperationException($"{command}\n{output}{error}");
    }
}
