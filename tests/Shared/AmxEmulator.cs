using Xunit;

namespace GauRuntime.TestSupport;

/// <summary>The library that plays the AMX instructions (<c>tests/Native/amx.c</c>), compiled once.</summary>
internal static class AmxEmulator
{
    private static readonly Lazy<string> Built = new(
        () => Compile("amx.c", "amx.so", "-O3 -march=native -shared -fPIC"), LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Whether the processor itself has the instructions, so that nothing is left to be played.</summary>
    public static bool IsNeedless => Flags.Contains("amx_int8");

    private static string[] Flags => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal))?.Split(' ') ?? []
        : [];

    /// <summary>What a shell sets before a program that is to use it.</summary>
    /// <param name="count">The file that says at the end what was played.</param>
    public static string Environment(string count) =>
        $"LD_PRELOAD='{Built.Value}' AMX_COUNT='{count}' GAU_ISA=amx GAU_ISA_UNCHECKED=1";

    /// <summary>Skips a test where the tier cannot run under the emulator.</summary>
    public static void Require()
    {
        RequireCompiler();
        Assert.SkipUnless(
            Flags.Contains("avx512_vnni"), "the tier amx does the rest with AVX512-VNNI, which this processor lacks");
    }

    /// <summary>Skips a test where the emulator cannot be made.</summary>
    public static void RequireCompiler()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Flags.Length > 0, "the emulator of AMX is made for Linux on x86-64");
        Assert.SkipUnless(
            ChildProcess.Shell("command -v gcc && ldd --version 2>&1 | grep -i -e glibc -e 'gnu libc'").Code == 0,
            "no gcc and glibc, for which the emulator of AMX is made");
    }

    /// <summary>Runs the emulator's own check.</summary>
    public static (int Code, string Output, string Error) Check() => ChildProcess.Shell(
        $"LD_PRELOAD='{Built.Value}' '{Compile("amxcheck.c", "amxcheck", "-O2 -pthread")}'");

    private static string Compile(string source, string name, string options)
    {
        // Another test program may compile it at the same time.
        string target = Path.Combine(AppContext.BaseDirectory, name), fresh = $"{target}.{System.Environment.ProcessId}";
        string path = Path.Combine(Fixtures.Root, "tests", "Native", source);
        (int code, _, string error) = ChildProcess.Shell(
            $"gcc -std=gnu11 -Wall -Wextra -Werror {options} '{path}' -o '{fresh}' -ldl && mv '{fresh}' '{target}'");
        return code == 0 ? target : throw new InvalidOperationException(error);
    }
}
