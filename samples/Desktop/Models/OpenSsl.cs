using System.Runtime.InteropServices;
using GauRuntime.Tools;

namespace GauRuntime.Desktop.Models;

/// <summary>The library that computes digests for .NET on Linux, which ends the process where it is missing.</summary>
internal static class OpenSsl
{
    private static readonly string[] Names = ["libssl.so.3", "libssl.so.1.1"];

    /// <summary>Throws where a digest cannot be computed.</summary>
    /// <exception cref="ToolException">OpenSSL is needed, and missing.</exception>
    public static void Require()
    {
        if (OperatingSystem.IsLinux() && !Names.Any(name => NativeLibrary.TryLoad(name, out _)))
            throw new ToolException(
                ExitCode.Unsupported,
                $"the digest of a checkpoint needs OpenSSL ({Names[0]}), which this system lacks: install it, or use "
                + "gau-convert elsewhere");
    }
}
