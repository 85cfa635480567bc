using System.Runtime.InteropServices;
using Xunit;

namespace GauRuntime.LibGau.Tests;

/// <summary>libgau.so as a user gets it, published once for all tests.</summary>
public sealed class PublishedLibrary : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(9);

    private readonly TemporaryFolder folder = new();
    private readonly Lazy<string> published;

    public PublishedLibrary() => published = new Lazy<string>(Publish);

    /// <summary>The folder of libgau.so and gau.h. Skips the test where it cannot be made.</summary>
    public string Folder
    {
        get
        {
            Assert.SkipUnless(
                OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64,
                "libgau is published for the machine of the tests, which has to be Linux on x86-64");
            RequireProgram("cc", "gcc");
            return published.Value;
        }
    }

    /// <summary>Skips the test, with the reason, where a program is not installed.</summary>
    public static void RequireProgram(string program, string package) => Assert.SkipUnless(
        ChildProcess.Shell($"command -v {program}").Code == 0, $"not installed: {program} (Debian: {package})");

    /// <summary>Compiles a C program, of the repository or at an absolute path, against the library.</summary>
    /// <returns>Its path.</returns>
    public string Compile(params string[] source)
    {
        string program = folder.Path(Path.GetFileNameWithoutExtension(source[^1]));
        string file = Path.Combine([Fixtures.Root, .. source]);
        (int code, _, string error) = ChildProcess.Shell(
            $"cc -std=c11 -O2 -Wall -Wextra -Werror -pedantic -pthread -I '{Folder}' '{file}' -o '{program}' "
            + $"-L '{Folder}' -lgau -Wl,-rpath,'{Folder}'");
        return code == 0 ? program : throw new InvalidOperationException(error);
    }

    public void Dispose() => folder.Dispose();

    // Into folders of its own, so that it neither waits for nor disturbs another build of the same projects.
    private string Publish()
    {
        string output = folder.Path("library"), log = folder.Path("publish.log");
        (int code, _, _) = ChildProcess.Shell(
            $"dotnet publish '{Fixtures.Root}/tools/LibGau' -c Release -r linux-x64 -o '{output}' -nr:false "
            + $"-p:UseSharedCompilation=false --artifacts-path '{folder.Path("artifacts")}' > '{log}' 2>&1",
            Patience);
        return code == 0 ? output : throw new InvalidOperationException(File.ReadAllText(log));
    }
}
