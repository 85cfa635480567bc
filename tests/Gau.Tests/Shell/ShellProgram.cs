using Xunit;

namespace GauRuntime.Cli.Tests.Shell;

/// <summary>Programs that a test needs and a machine may lack.</summary>
internal static class ShellProgram
{
    /// <summary>Skips the test, with the reason, where a program is not installed.</summary>
    public static void Require(string program) => Assert.SkipUnless(
        ChildProcess.Shell($"command -v {program}").Code == 0,
        $"not installed: {program} (Debian: {(program == "groff" ? "groff-base" : program)})");
}
