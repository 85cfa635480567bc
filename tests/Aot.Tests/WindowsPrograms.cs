using System.Runtime.InteropServices;
using GauRuntime.Aot.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(WindowsPrograms))]

namespace GauRuntime.Aot.Tests;

/// <summary>The programs for Windows, published once, and Wine that runs them.</summary>
/// <remarks>
/// Under the JIT, in a folder: their native file can be linked only on Windows, and a single file does not start under Wine.
/// Wine makes no memory that is writable and executable in two places, so the runtime's own W^X is off.
/// </remarks>
public sealed class WindowsPrograms : IDisposable
{
    private static readonly string[] Places = ["/usr/lib/wine/wine64", "/usr/bin/wine64", "/usr/bin/wine"];

    private readonly TemporaryFolder prefix = new();
    private readonly Lazy<string> gau = new(() => Publish("tools/Gau")), desktop = new(() => Publish("samples/Desktop"));
    private readonly string? wine = Places.FirstOrDefault(File.Exists);

    /// <summary>What a shell puts before <c>gau</c>'s arguments. Skips a test where it cannot be made or run.</summary>
    public string Gau
    {
        get
        {
            Require();
            return $"{Wine} '{gau.Value}/gau.exe'";
        }
    }

    /// <summary>The same of <c>gau-desktop</c>.</summary>
    public string Desktop
    {
        get
        {
            Require();
            return $"{Wine} '{desktop.Value}/gau-desktop.exe'";
        }
    }

    private string Wine =>
        $"env -u GAU_TESTS WINEPREFIX='{prefix.Path("wine")}' WINEDEBUG=-all DISPLAY= DOTNET_EnableWriteXorExecute=0 '{wine}'";

    public void Dispose()
    {
        // What Wine keeps running ends with the last program; it must be gone before its files are.
        if (wine is not null && Directory.Exists(prefix.Path("wine")))
            ChildProcess.Shell($"WINEPREFIX='{prefix.Path("wine")}' WINEDEBUG=-all '{Path.GetDirectoryName(wine)}/wineserver' -k -w");
        prefix.Dispose();
    }

    private void Require()
    {
        TestLevel.RequireLong();
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64,
            "programs for Windows are run by Wine on x64 Linux");
        Assert.SkipWhen(wine is null, "no Wine, of Debian's wine64");
        // What Wine says of its first start would come before what the program says.
        if (!Directory.Exists(prefix.Path("wine")))
            ChildProcess.Shell($"{Wine} wineboot --init");
    }

    private static string Publish(string project)
    {
        (int code, string output, string error) = ChildProcess.Shell(
            $"cd '{Fixtures.Root}' && mkdir -p artifacts/tests && flock artifacts/tests/publish.lock .ci/windows {project} artifacts/tests/"
            + $"{Path.GetFileName(project)}-win-x64", TimeSpan.FromMinutes(18));
        return code == 0
            ? Path.Combine(Fixtures.Root, "artifacts", "tests", $"{Path.GetFileName(project)}-win-x64")
            : throw new InvalidOperationException(output + error);
    }
}
