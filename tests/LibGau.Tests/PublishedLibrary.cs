using System.Runtime.InteropServices;
using Xunit;

namespace GauRuntime.LibGau.Tests;

/// <summary>libgau.so as a user gets it, published once for all tests.</summary>
public sealed class PublishedLibrary : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Lazy<string> published = new(() => NativePublish.Run("tools/LibGau", "linux-x64"));
    private readonly Lazy<string> arm64 = new(() => NativePublish.Run("tools/LibGau", "linux-arm64"));

    /// <summary>The folder of libgau.so and gau.h. Skips the test where it cannot be made.</summary>
    public string Folder
    {
        get
        {
            TestLevel.RequireCi();
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
    public string Compile(params string[] source) =>
        Compile("cc", Folder, Path.Combine([Fixtures.Root, .. source]));

    /// <summary>The same for ARM64, against the library for it.</summary>
    public string CompileForArm64(params string[] source)
    {
        TestLevel.RequireLong();
        RequireProgram("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu");
        return Compile("aarch64-linux-gnu-gcc", arm64.Value, Path.Combine([Fixtures.Root, .. source]));
    }

    public void Dispose() => folder.Dispose();

    private string Compile(string compiler, string library, string source)
    {
        string program = folder.Path($"{Path.GetFileNameWithoutExtension(source)}-{compiler}");
        (int code, _, string error) = ChildProcess.Shell(
            $"{compiler} -std=c11 -O2 -Wall -Wextra -Werror -pedantic -pthread -I '{library}' '{source}' -o '{program}' "
            + $"-L '{library}' -lgau -Wl,-rpath,'{library}'");
        return code == 0 ? program : throw new InvalidOperationException(error);
    }
}
