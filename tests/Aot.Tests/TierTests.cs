using System.Collections.Concurrent;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Cli.Tests;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Aot.Tests;

/// <summary>Every tier of the native file gives the bytes of the program under the JIT.</summary>
public sealed class TierTests : IDisposable
{
    // What the program under the JIT answers, the same for every tier.
    private static readonly ConcurrentDictionary<string, Programs.Outcome> Expected = new();

    private readonly TemporaryFolder folder = new();
    private readonly Programs programs;

    public TierTests(PublishedFile published)
    {
        programs = new Programs(published.OrSkip());
        folder.Write("in.jsonl", Records());
        string[] vocabulary = File.ReadAllLines(Fixtures.Gau("vocab.txt"));
        foreach ((Architecture architecture, HeadKind kind, WeightType type, string name, _) in Models)
            RandomModel.Write(
                folder.Path(name), TinyModel.Describe(
                    TinyModel.ConfigOf(architecture, vocabulary.Length, h: 96, e: 160),
                    TinyModel.HeadOf(architecture, kind), vocabulary),
                type, block: 64);
    }

    /// <summary>Models of every architecture, and what is asked of them.</summary>
    private static IEnumerable<(Architecture Architecture, HeadKind Kind, WeightType Type, string Name, string Command)>
        Models => ArchitectureTraits.All.SelectMany(
            entry => ((HeadKind, WeightType, string)[])
            [
                (HeadKind.SequenceClassification, WeightType.F32, "score in.jsonl"),
                (HeadKind.TokenClassification, WeightType.Int8, "score in.jsonl"),
                (HeadKind.MaskedLm, WeightType.Int8, "embed in.jsonl --pooling weightedmean"),
            ],
            (entry, model) => (entry.Architecture, model.Item1, model.Item2, $"{entry.Architecture}{model.Item1}", model.Item3));

    public static TheoryData<string> Tiers => [.. KernelTiers.Known];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Tiers_AreThoseOfTheJit()
    {
        Read(programs.Native).Should().Equal(Read(Programs.Jit)).And.Contain("avx2").And.Contain("portable");
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void Score_EveryTier_GivesTheBytesOfTheJit(string tier)
    {
        Assert.SkipUnless(
            KernelTiers.Available.Contains(tier), KernelTiers.Unavailable.GetValueOrDefault(tier, ""));
        CheckNative(programs.Native, tier, $"GAU_ISA={tier}");
    }

    [Fact]
    public void Score_AmxUnderTheEmulator_GivesTheBytesOfTheJit()
    {
        AmxEmulator.Require();
        CheckNative(programs.Dynamic, "amx", AmxEmulator.Environment(folder.Path("count")));
        if (!AmxEmulator.IsNeedless)
            File.ReadAllText(folder.Path("count")).Should().MatchRegex(@"\A[1-9]\d* products, ");
    }

    private void CheckNative(string program, string tier, string environment)
    {
        foreach (string command in Models.Select(model => $"{model.Command} --model {model.Name}")
            .Prepend("embed in.jsonl --pooling mean").Prepend("score in.jsonl"))
        {
            Programs.Outcome jit = Expected.GetOrAdd(command, line => Programs.Run(Programs.Jit, folder.Root, line));
            Programs.Outcome native = Programs.Run(program, folder.Root, command, environment);
            native.Code.Should().Be(0, native.Error);
            jit.Output.Should().NotBeEmpty(jit.Error);
            native.Output.Should().Be(jit.Output, command);
        }
        string inspected = Programs.Run(program, folder.Root, "inspect --json", environment).Output;
        JsonDocument.Parse(inspected).RootElement.GetProperty("tier").GetString().Should().Be(tier);
    }

    /// <summary>Short texts, and some that fill blocks and tiles of keys and leave a rest of another length each.</summary>
    private static string Records()
    {
        const string Sentence = "为了规范网络数据处理活动，保障网络数据安全，制定本条例。";
        return SampleRecords.JsonLines(60) + string.Concat(((int[])[3, 5, 20, 45]).Select(
            sentences => $"{{\"text\":\"{string.Concat(Enumerable.Repeat(Sentence, sentences))}{sentences}\"}}\n"));
    }

    private string[] Read(string program)
    {
        string inspected = Programs.Run(program, folder.Root, "inspect --json").Output;
        return [.. JsonDocument.Parse(inspected).RootElement.GetProperty("tiers").EnumerateArray()
            .Select(tier => tier.GetString()!)];
    }
}
