using FluentAssertions;
using Xunit;

namespace GauRuntime.Fuzz.Tests;

/// <summary>
/// Every parser reads or refuses what nobody vouches for, in little time and memory: sound inputs, those that once were
/// too much for it, and some hundred changes of each.
/// </summary>
public sealed class ReplayTests : IDisposable
{
    private const int MostChanges = 120;
    private const int ChangedBytes = 3 << 20;   // of all changes of an input

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(target => target.Name)];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Targets))]
    public void Parse_SeedsAndKeptInputs_AreReadOrRefused(string name)
    {
        FuzzTarget target = FuzzTargets.Find(name)!;
        byte[][] seeds = [.. target.Seeds()];
        seeds.Should().NotBeEmpty();
        seeds.Select(seed => Answer(target, seed)).Should().Contain("", "one at least is sound");
        foreach (string path in FuzzTargets.KeptOf(target))
            Answer(target, File.ReadAllBytes(path));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Parse_ChangedInputs_AreReadOrRefused(string name)
    {
        FuzzTarget target = FuzzTargets.Find(name)!;
        IReadOnlyList<byte[]> inputs = FuzzTargets.SeedsOf(target);
        HashSet<string> answers = [];
        for (int i = 0; i < inputs.Count; i++)
        {
            Mutator mutator = new(i);
            for (int left = Math.Min(MostChanges, 1 + ChangedBytes / (1 + inputs[i].Length)); left > 0; left--)
                answers.Add(Answer(target, mutator.Change(inputs[i], inputs)));
        }
        answers.Count.Should().BeGreaterThan(1, "changes lead to different places in the parser");
    }

    [Fact]
    public void Targets_Names_AreOnce() => FuzzTargets.All.Select(target => target.Name).Should().OnlyHaveUniqueItems();

    [Fact]
    public void KeptInputs_Folders_AreThoseOfTargets()
    {
        string kept = Fixtures.Path("fuzz");
        Directory.GetDirectories(kept).Select(Path.GetFileName).Should().BeSubsetOf(Targets.Select(row => row.Data));
    }

    [Theory]
    [InlineData("throws", "System.IndexOutOfRangeException")]
    [InlineData("allocates", "greedy: ")]
    [InlineData("says two lines", "GauRuntime.Scoring.ScoringException")]
    public void Trial_ParserThatDoesWhatItMustNot_IsAFault(string what, string fault)
    {
        FuzzTarget bad = new("bad", () => [[]], input => Misbehave(what, input.Bytes)) { FixedBytes = 1000 };
        Trial.Run(bad, new FuzzInput([1], folder.Root)).Fault.Should().StartWith(fault);
    }

    private static void Misbehave(string what, byte[] bytes)
    {
        switch (what)
        {
            case "throws": bytes[1]++; break;
            case "allocates": GC.KeepAlive(new byte[100_000]); break;
            default: throw new Scoring.ScoringException(Scoring.ScoringFault.Usage, "one\ntwo");
        }
    }

    private string Answer(FuzzTarget target, byte[] input)
    {
        Verdict verdict = Trial.Run(target, new FuzzInput(input, folder.Root));
        if (verdict.Fault is { } fault)
            Assert.Fail($"{target.Name}: {fault}\nthe input: {System.Convert.ToBase64String(input.AsSpan(0, Math.Min(input.Length, 60_000)))}");
        return verdict.Answer;
    }
}
