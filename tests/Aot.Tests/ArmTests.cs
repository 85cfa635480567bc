using FluentAssertions;
using GauRuntime.Cli.Tests;
using Xunit;

namespace GauRuntime.Aot.Tests;

/// <summary>
/// The file for ARM64, cross-compiled, on processors that <c>qemu-aarch64-static</c> plays: one without and one with
/// sdot, which the portable tier uses where it is.
/// </summary>
public sealed class ArmTests(PublishedFile x64)
{
    private static readonly Lazy<string> Folder = new(() => NativePublish.Run("tools/Gau", "linux-arm64"));

    [Fact]
    public void Arm64_WithAndWithoutSdot_GivesTheBytesOfX64()
    {
        x64.OrSkip();
        TestLevel.RequireLong();
        foreach (string tool in (string[])["aarch64-linux-gnu-gcc", "qemu-aarch64-static"])
            Assert.SkipUnless(
                ChildProcess.Shell($"command -v {tool}").Code == 0,
                $"no {tool}, of Debian's gcc-aarch64-linux-gnu and qemu-user-static");
        string file = Path.Combine(Folder.Value, "gau");
        using TemporaryFolder folder = new();
        folder.Write("in.jsonl", Cli.Tests.SampleRecords.JsonLines(4));
        string expected = Programs.Run(Programs.Jit, folder.Root, "score in.jsonl").Output;
        ChildProcess.Shell($"aarch64-linux-gnu-objdump -d '{file}' | grep -c sdot").Code.Should().Be(0);
        foreach (string processor in (string[])["cortex-a53", "cortex-a76"])
        {
            Programs.Outcome arm = Programs.Run(
                $"qemu-aarch64-static -L /usr/aarch64-linux-gnu -cpu {processor} '{file}'", folder.Root,
                "score in.jsonl", "GAU_ISA=portable");
            arm.Code.Should().Be(0, arm.Error);
            arm.Output.Should().Be(expected, processor);
        }
    }
}
