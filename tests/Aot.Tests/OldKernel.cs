namespace GauRuntime.Aot.Tests;

/// <summary>The program that plays an old kernel (<c>tests/Native/oldkernel.c</c>), compiled once.</summary>
internal static class OldKernel
{
    private static readonly Lazy<string> Built = new(Compile);

    /// <summary>Runs what follows it; the first argument is the number of the last system call that is known.</summary>
    public static string Program => Built.Value;

    private static string Compile()
    {
        string source = Path.Combine(Fixtures.Root, "tests", "Native", "oldkernel.c");
        string target = Path.Combine(AppContext.BaseDirectory, "oldkernel");
        (int code, _, string error) = ChildProcess.Shell(
            $"cc=$(command -v gcc || command -v clang); $cc -std=c11 -O2 -Wall -Wextra -Werror '{source}' -o '{target}'");
        return code == 0 ? target : throw new InvalidOperationException(error);
    }
}
