using System.Text.Json;
using FluentAssertions;
using GauRuntime.Cli.Tests;
using Xunit;

namespace GauRuntime.Aot.Tests;

/// <summary>The native files on other processors, which <c>qemu-x86_64-static</c> plays.</summary>
public sealed class ProcessorTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Programs programs;
    private readonly string program, desktop;

    public ProcessorTests(PublishedFile published)
    {
        program = published.OrSkip().Program;
        TestLevel.RequireLong();
        programs = new Programs(published);
        desktop = published.Desktop;
        Assert.SkipUnless(
            ChildProcess.Shell("command -v qemu-x86_64-static").Code == 0,
            "no qemu-x86_64-static, of Debian's qemu-user-static");
        folder.Write("in.jsonl", Cli.Tests.SampleRecords.JsonLines(4));
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("Nehalem")]
    [InlineData("SandyBridge")]
    [InlineData("max,-avx2")]
    [InlineData("max,-fma")]
    [InlineData("max,-abm")]
    [InlineData("max,-xsave")]
    public void Run_BelowTheFloor_Ends69WithOneLine(string processor)
    {
        RefusedBy("gau", program, processor, "score in.jsonl", "inspect --json");
        RefusedBy("gau-desktop", desktop, processor, "--browser none", "--json");
    }

    [Theory]
    [InlineData("Haswell", "avx2")]
    [InlineData("Haswell", "portable")]
    [InlineData("max", "avx2")]
    [InlineData("max", "portable")]
    public void Score_OnAnotherProcessor_GivesTheBytesOfTheJit(string processor, string tier)
    {
        Programs.Outcome jit = Programs.Run(Programs.Jit, folder.Root, "score in.jsonl");
        Programs.Outcome other = On(processor, "score in.jsonl", $"GAU_ISA={tier}");
        other.Code.Should().Be(0, other.Error);
        other.Output.Should().Be(jit.Output);
    }

    [Fact]
    public void Score_TierThatTheProcessorLacks_Ends69WithTheReason()
    {
        Programs.Outcome other = On("Haswell", "score in.jsonl", "GAU_ISA=avx512vnni");
        other.Code.Should().Be(69);
        other.Error.Should().Be(
            "error: GAU_ISA=avx512vnni: the processor has no AVX-512; this machine has avx2, portable\n");
    }

    [Fact]
    public void Native_OnThisProcessor_IsNotRefused() =>
        Programs.Run(programs.Native, folder.Root, "--version").Code.Should().Be(0);

    private void RefusedBy(string name, string file, string processor, string call, string jsonCall)
    {
        Programs.Outcome words = On(processor, call, file: file);
        words.Code.Should().Be(69);
        words.Output.Should().BeEmpty();
        words.Error.Should().MatchRegex($@"\Aerror: the (processor|system) [^\n]*; {name} needs x86-64-v3 [^\n]*\n\z");

        Programs.Outcome json = On(processor, jsonCall, file: file);
        json.Code.Should().Be(69);
        JsonElement error = JsonDocument.Parse(json.Error).RootElement;
        error.GetProperty("code").GetInt32().Should().Be(69);
        words.Error.Should().Be($"error: {error.GetProperty("error").GetString()}\n");
    }

    private Programs.Outcome On(string processor, string arguments, string environment = "", string? file = null)
    {
        Programs.Outcome outcome = Programs.Run(
            $"qemu-x86_64-static -cpu {processor} '{file ?? program}'", folder.Root, arguments, environment);
        // qemu says on the same stream which features of the processor it does not play.
        string[] lines = outcome.Error.Split('\n');
        string ours = string.Join('\n', lines.Where(line => !line.StartsWith("qemu-", StringComparison.Ordinal)));
        return outcome with { Error = ours };
    }
}
