using System.Text.Json;
using FluentAssertions;
using GauRuntime.Kernels;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>The tier amx, as the program sees it: by a processor's word, or under an emulator without.</summary>
public sealed class AmxTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public AmxTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "the tier amx is for Linux");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Emulator_EveryInstruction_DoesWhatALoopDoes()
    {
        AmxEmulator.RequireCompiler();
        AmxEmulator.Check().Should().Be((0, "ok\n", ""));
    }

    [Fact]
    public void Inspect_ForcedWithoutTheProcessor_Ends69WithTheReason()
    {
        RequireNoAmx();
        (int code, string output, string error) = Gau("inspect", "GAU_ISA=amx");
        code.Should().Be(69);
        output.Should().BeEmpty();
        error.Should().Be(
            $"error: GAU_ISA=amx: the processor has no AMX; this machine has {string.Join(", ", KernelTiers.Available)}\n");
    }

    [Fact]
    public void Inspect_UncheckedButNotForced_AsksTheProcessor()
    {
        RequireNoAmx();
        foreach (string environment in (string[])["GAU_ISA_UNCHECKED=1", "GAU_ISA_UNCHECKED=1 GAU_ISA=portable"])
        {
            (int code, string output, string error) = Gau("inspect --json", environment);
            code.Should().Be(0, error);
            JsonElement report = JsonDocument.Parse(output).RootElement;
            report.GetProperty("tier").GetString().Should().Be(
                environment.EndsWith("portable", StringComparison.Ordinal) ? "portable" : KernelTiers.Available[0]);
            report.GetProperty("unavailable_tiers").GetProperty("amx").GetString().Should().Be("the processor has no AMX");
        }
    }

    [Fact]
    public void Score_UnderTheEmulator_GivesTheBytesOfTheOtherTiers()
    {
        AmxEmulator.Require();
        folder.Write("in.jsonl", SampleRecords.JsonLines(8));
        TinyModel.Write(folder.Path("tiny.safetensors"), TinyModel.Sequence);
        foreach (string command in (string[])
            ["score in.jsonl --threads 2", "score in.jsonl --model tiny.safetensors", "embed in.jsonl --pooling mean"])
        {
            (int code, string expected, string error) = Gau(command, "");
            code.Should().Be(0, error);
            (code, string found, error) = Gau(command, AmxEmulator.Environment(folder.Path("count")));
            code.Should().Be(0, error);
            found.Should().Be(expected, command);
            RequirePlayed();
        }
    }

    [Fact]
    public void Inspect_UnderTheEmulator_NamesTheTier()
    {
        AmxEmulator.Require();
        (int code, string output, string error) = Gau("inspect --json", AmxEmulator.Environment(folder.Path("count")));
        code.Should().Be(0, error);
        JsonDocument.Parse(output).RootElement.GetProperty("tier").GetString().Should().Be("amx");
        RequirePlayed();
    }

    [Fact]
    public void Inspect_WrongEmulator_FailsTheSelfCheck()
    {
        AmxEmulator.Require();
        Assert.SkipWhen(AmxEmulator.IsNeedless, "the processor itself has AMX, and is right");
        (int code, _, string error) = Gau("inspect", "AMX_WRONG=1 " + AmxEmulator.Environment(folder.Path("count")));
        code.Should().Be(69);
        error.Should().StartWith("error: GAU_ISA=amx: its self-check failed: a product of 1 rows in blocks of 32 ");
    }

    private (int Code, string Output, string Error) Gau(string arguments, string environment) =>
        ChildProcess.Shell($"cd '{folder.Root}' && {environment} {ChildProcess.Command("gau")} {arguments}");

    private void RequirePlayed()
    {
        if (AmxEmulator.IsNeedless)
            return;
        File.ReadAllText(folder.Path("count")).Should().MatchRegex(@"\A[1-9]\d* products, [1-9]\d* configurations\n\z");
        File.Delete(folder.Path("count"));
    }

    private static void RequireNoAmx() =>
        Assert.SkipWhen(AmxEmulator.IsNeedless, "this machine's processor has AMX");
}
