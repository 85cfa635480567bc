using GauRuntime.Cli.Tests;

namespace GauRuntime.Aot.Tests;

/// <summary>The two programs that must not differ.</summary>
internal sealed class Programs(PublishedFile published)
{
    /// <summary>The program of the JIT, for a shell.</summary>
    public static string Jit { get; } = ChildProcess.Command("gau");

    /// <summary>The native file, for a shell.</summary>
    public string Native { get; } = $"env --default-signal=INT,HUP '{published.Program}'";

    /// <summary>The native file into which libraries can be preloaded, for a shell.</summary>
    public string Dynamic => $"env --default-signal=INT,HUP '{published.Dynamic}'";

    /// <summary>Runs one of them in a folder.</summary>
    public static Outcome Run(string program, string folder, string arguments, string environment = "")
    {
        (int code, string output, string error) = ChildProcess.Shell(
            $"cd '{folder}' && export SOURCE_DATE_EPOCH=86400 && {environment} {program} {arguments}");   // pages have a day
        return new Outcome(code, output, error);
    }

    /// <summary>Copies a program into a folder, by a process of its own.</summary>
    /// <remarks>
    /// What another test starts meanwhile would hold a file that we write open for a moment, and the system runs no such
    /// file.
    /// </remarks>
    public static void Copy(string program, string folder)
    {
        (int code, _, string error) = ChildProcess.Shell($"cp '{program}' '{folder}'");
        if (code != 0)
            throw new IOException(error);
    }

    /// <summary>How a program ended, and what it said.</summary>
    internal sealed record Outcome(int Code, string Output, string Error);
}
