using System.Runtime.InteropServices;

namespace GauRuntime.Convert.Conversion;

/// <summary>The library that computes digests for .NET on Linux, which ends the process where it is missing.</summary>
internal static class OpenSsl
{
    private static readonly string[] Names = ["libssl.so.3", "libssl.so.1.1"];

    /// <summary>Whether .NET can compute a digest. A file that is linked statically loads no library.</summary>
    public static bool IsThere { get; } =
        !OperatingSystem.IsLinux() || Names.Any(name => NativeLibrary.TryLoad(name, out _));
}
