using System.Reflection;
using System.Runtime.InteropServices;
using GauRuntime.Tools;
using GauRuntime.Weights;
using TorchSharp;

namespace GauRuntime.Train.Models;

/// <summary>The native library that computes. Every command asks for it before anything else.</summary>
/// <remarks>It comes with a build of its own, since it is large, and wants a newer C++ library than some systems have.
/// </remarks>
internal static class Libtorch
{
    private const string Start = "start the program as tools/Train/run";

    /// <summary>Loads the library.</summary>
    /// <exception cref="ToolException">It is missing, or cannot be loaded here (69).</exception>
    public static void Require()
    {
        Assembly bridge = typeof(torch).Assembly;
        try
        {
            // TorchSharp would do the same, but write what it tried to standard output where it fails.
            NativeLibrary.TryLoad("torch_cpu", bridge, null, out _);
            NativeLibrary.Load("LibTorchSharp", bridge, null);
        }
        catch (Exception fault) when (fault is DllNotFoundException or BadImageFormatException)
        {
            throw new ToolException(ExitCode.Unsupported, Reason(fault.Message));
        }
    }

    /// <summary>An exception as a user understands it: libtorch tells of refused memory in one of its own.</summary>
    public static Exception Explained(Exception fault) =>
        fault is ExternalException && IsRefusedMemory(fault.Message)
            ? new ToolException(
                ExitCode.Unsupported,
                $"the system refuses memory: {FirstLine(fault.Message)}; a smaller batch needs less")
            : fault;

    /// <summary>Why the library is not there, in words for the user.</summary>
    /// <param name="message">What the system's loader says.</param>
    internal static string Reason(string message) => message.Contains("GLIBCXX", StringComparison.Ordinal)
        ? "libtorch needs the C++ library of GCC 13.2 or later, as Debian 13 and Ubuntu 24.04 have it; on an older "
            + $"Debian {Start} as root, which takes that of Debian 13 for itself"
        : $"this build is without libtorch, which it computes with: {Start}, which downloads it";

    private static bool IsRefusedMemory(string message) =>
        message.Contains("allocate memory", StringComparison.Ordinal)
        || message.Contains("out of memory", StringComparison.OrdinalIgnoreCase);

    private static string FirstLine(string message) => Printable.OneLine(message.Split('\n')[0].TrimEnd('.', '\r'));
}
