using System.Runtime.InteropServices;
using GauRuntime.Aot.Tests;
using GauRuntime.Cli.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(PublishedFile))]

namespace GauRuntime.Aot.Tests;

/// <summary>The native file, published once for all tests, as README says.</summary>
public sealed class PublishedFile
{
    // Compiled once for both: only the linker runs again.
    private readonly Lazy<string> dynamic = new(() => NativePublish.Run("tools/Gau", "linux-x64", dynamic: true));
    private readonly Lazy<string> desktop = new(() => NativePublish.Run("samples/Desktop", "linux-x64"));
    private readonly string? missing;

    public PublishedFile()
    {
        missing = Missing();
        if (missing is not null)
            return;
        Folder = NativePublish.Run("tools/Gau", "linux-x64");
        Program = Path.Combine(Folder, "gau");
    }

    /// <summary>The folder of <c>dotnet publish</c>.</summary>
    public string Folder { get; } = "";

    /// <summary>The file, which needs no library.</summary>
    public string Program { get; } = "";

    /// <summary>The file that takes the C library of the system, as <c>-p:StaticExecutable=false</c> makes it.</summary>
    public string Dynamic => Path.Combine(dynamic.Value, "gau");

    /// <summary>The folder of <c>gau-desktop</c>, published.</summary>
    public string DesktopFolder => desktop.Value;

    /// <summary>Its file, which needs no library either.</summary>
    public string Desktop => Path.Combine(DesktopFolder, "gau-desktop");

    /// <summary>Skips a test where the file cannot be made.</summary>
    public PublishedFile OrSkip()
    {
        Assert.SkipWhen(missing is not null, missing ?? "");
        return this;
    }

    /// <summary>Why a native file cannot be made and run here, or null.</summary>
    internal static string? Missing()
    {
        if (TestLevel.MissingCi is { } level)
            return level;
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return "native files are published and run on x64 Linux";
        return ChildProcess.Shell("command -v clang || command -v gcc").Code == 0
            ? null
            : "no C compiler, which links the native file: install clang or gcc";
    }
}
