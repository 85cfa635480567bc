using System.Diagnostics;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>F8, F12, F15, F18: other processes, other surroundings, and names that are meant to mislead.</summary>
public sealed class SurroundingsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string gau;

    public SurroundingsTests()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence);
        folder.Write("in.jsonl", SampleRecords.JsonLines(300).Replace("\"r5\"", "\"../../r5\"", StringComparison.Ordinal));
        gau = $"export GAU_MODEL='{folder.Path("model.safetensors")}'; cd '{folder.Root}'; {ChildProcess.Command("gau")}";
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void F8_SecondProcess_Ends75AndLeavesTheFirstAlone()
    {
        using Process first = ChildProcess.Start($"{gau} score - -o out.jsonl");
        first.StandardInput.Write("{\"id\":1,\"text\":\"今天\"}\n");
        first.StandardInput.Flush();
        ChildProcess.Until(() => folder.Files.Contains("out.jsonl.partial"));
        (int code, _, string error) = ChildProcess.Shell($"{gau} score in.jsonl -o out.jsonl --resume");
        code.Should().Be(75);
        error.Should().Be("error: out.jsonl: another process is writing it\n");
        ChildProcess.Shell($"{gau} score in.jsonl -o out.jsonl --force").Code.Should().Be(75);
        first.StandardInput.Close();
        ChildProcess.End(first).Should().Be(0);
        File.ReadLines(folder.Path("out.jsonl")).Should().ContainSingle();
    }

    // As a process leaves it that is killed between the two steps that give a name: the journal says that all is done.
    [Fact]
    public void F8_FileUnderItsNameAndThatOfWork_IsFinishedByResume()
    {
        string records = SampleRecords.JsonLines(3) + "{\"id\":1}\n";
        using Process first = ChildProcess.Start($"{gau} score - -o out.jsonl --rejects bad.jsonl");
        first.StandardInput.Write(records);
        first.StandardInput.Flush();
        ChildProcess.Until(() => folder.Files.Contains("out.jsonl.partial"));
        folder.Write("out.jsonl", "theirs");
        first.StandardInput.Close();
        ChildProcess.End(first).Should().Be(73, "a name that is taken is not given");
        File.Delete(folder.Path("out.jsonl"));
        File.Move(folder.Path("bad.jsonl"), folder.Path("bad.jsonl.partial"));
        ChildProcess.Shell($"cd '{folder.Root}' && for f in out bad; do ln $f.jsonl.partial $f.jsonl; done").Code.Should().Be(0);
        folder.Write("again.jsonl", records);
        (int code, _, string error) = ChildProcess.Shell(
            $"cat '{folder.Path("again.jsonl")}' | ({gau} score - -o out.jsonl --rejects bad.jsonl --resume)");
        code.Should().Be(0, error);
        File.ReadLines(folder.Path("out.jsonl")).Should().HaveCount(4);
        File.ReadLines(folder.Path("bad.jsonl")).Should().ContainSingle();
        folder.Files.Should().NotContain(name => name.EndsWith(".partial") || name.EndsWith(".journal"));
    }

    [Theory]
    [InlineData("LC_ALL=C")]
    [InlineData("LC_ALL=tr_TR.UTF-8 LANG=tr_TR.UTF-8")]
    [InlineData("LC_ALL=ar_SA.UTF-8 LANG=ar_SA.UTF-8")]
    [InlineData("LC_ALL=de_DE.UTF-8")]
    [InlineData("TZ=Pacific/Kiritimati")]
    public void F12_OtherLanguageOrTimeZone_GivesTheSameBytes(string environment)
    {
        folder.Write("turkish.jsonl", "{\"id\":1.50,\"text\":\"İstanbul ISTANBUL ıi TITLE\"}\n");
        string usual = ChildProcess.Shell($"{gau} score in.jsonl turkish.jsonl --output-format csv").Output;
        (int code, string output, string error) = ChildProcess.Shell(
            $"export {environment}; {gau} score in.jsonl turkish.jsonl --output-format csv");
        code.Should().Be(0, error);
        output.Should().Be(usual).And.Contain("\n1.50,");
    }

    [Fact]
    public void F15_FilesOfARunThatNeverBegan_AreReplaced()
    {
        folder.Write("out.jsonl.partial", "old");
        folder.Write("out.jsonl.journal", "");
        (int code, _, string error) = ChildProcess.Shell($"{gau} score in.jsonl -o out.jsonl --resume");
        code.Should().Be(0, error);
        File.ReadLines(folder.Path("out.jsonl")).Should().HaveCount(300);
        folder.Files.Should().Equal("in.jsonl", "model.safetensors", "out.jsonl");
    }

    [Fact]
    public void F18_IdsThatLookLikePaths_StayIds()
    {
        // Two folders deep, so that an id that was taken for a path would lead to where it is seen.
        Directory.CreateDirectory(folder.Path("a/b"));
        (int code, _, string error) = ChildProcess.Shell(
            $"cd '{folder.Path("a/b")}'; export GAU_MODEL=../../model.safetensors; "
            + $"{ChildProcess.Command("gau")} score ../../in.jsonl -o ./c/../out.jsonl --rejects rejects.jsonl");
        code.Should().Be(0, error);
        File.ReadAllText(folder.Path("a/b/out.jsonl")).Should().Contain("{\"id\":\"../../r5\",");
        Directory.GetFileSystemEntries(folder.Root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder.Root, path)).Should().BeEquivalentTo(
                "a", "a/b", "a/b/out.jsonl", "a/b/rejects.jsonl", "in.jsonl", "model.safetensors");
    }
}
