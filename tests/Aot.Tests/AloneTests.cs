using System.Globalization;
using FluentAssertions;
using GauRuntime.Cli.Tests;
using Xunit;

namespace GauRuntime.Aot.Tests;

/// <summary>
/// The native file alone: in a root with nothing but it and its input, on old kernels, and with the C library of the system.
/// That it does what the program under the JIT does, <see cref="CommandTests"/> show.
/// </summary>
public sealed class AloneTests : IDisposable
{
    private readonly PublishedFile published;
    private readonly TemporaryFolder folder = new(), usual = new();

    public AloneTests(PublishedFile published)
    {
        this.published = published.OrSkip();
        foreach (TemporaryFolder each in (TemporaryFolder[])[folder, usual])
            each.Write("in.jsonl", Cli.Tests.SampleRecords.JsonLines(40));
    }

    /// <summary>One command of every kind that reads or writes another format, or asks the system for something.</summary>
    public static TheoryData<string> Commands =>
    [
        "score in.jsonl", "score in.jsonl -o out.parquet", "score in.jsonl -o out.arrow --threads 2",
        "score in.jsonl -o out.csv.gz --rejects bad.jsonl", "score in.jsonl -o out.jsonl.zst",
        "score in.jsonl --encoding gb18030 --output-format tsv", "score in.jsonl --shard 1/3 -o parts",
        "embed in.jsonl -o vectors.npy --precision int8", "fill '本办法由国务院[MASK]政部门负责解释。'",
        "tokenize '第一条　本法自2024年起施行。'", "verify", "explain '第一条　制定本条例。' -o page.html",
        "search in.jsonl '数据' --top 3", "dedup in.jsonl", "--help", "score missing.jsonl",
    ];

    public void Dispose()
    {
        folder.Dispose();
        usual.Dispose();
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Command_InARootWithNothingElse_DoesWhatItDoesElsewhere(string arguments)
    {
        Assert.SkipUnless(ChildProcess.Shell("unshare -r true").Code == 0, "this machine lets nobody change the root of a process");
        folder.Copy(published.Program);
        Programs.Outcome expected = Usual(arguments);
        Programs.Outcome found = Programs.Run($"env -i PATH=\"$PATH\" unshare -r chroot '{folder.Root}' /gau", folder.Root, arguments);
        found.Output.Should().Be(expected.Output, found.Error);
        found.Code.Should().Be(expected.Code, found.Error);
        ShouldHaveTheSameFiles();
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Command_DynamicFile_DoesWhatTheStaticOneDoes(string arguments)
    {
        Programs.Outcome expected = Usual(arguments);
        Programs.Outcome found = Programs.Run($"'{published.Dynamic}'", folder.Root, arguments);
        found.Output.Should().Be(expected.Output, found.Error);
        found.Code.Should().Be(expected.Code, found.Error);
        ShouldHaveTheSameFiles();
    }

    /// <summary>Newer calls than the last one of Linux 3.10 (finit_module) are unknown, as they are to that kernel.</summary>
    [Theory]
    [MemberData(nameof(Commands))]
    public void Command_WithTheSystemCallsOfLinux3_10_DoesWhatItDoesElsewhere(string arguments)
    {
        const int LastCall = 313;
        Programs.Outcome expected = Usual(arguments);
        string oldKernel = string.Create(CultureInfo.InvariantCulture, $"'{OldKernel.Program}' {LastCall} '{published.Program}'");
        Programs.Outcome found = Programs.Run(oldKernel, folder.Root, arguments);
        found.Output.Should().Be(expected.Output, found.Error);
        found.Code.Should().Be(expected.Code, found.Error);
        ShouldHaveTheSameFiles();
    }

    private Programs.Outcome Usual(string arguments) => Programs.Run($"'{published.Program}'", usual.Root, arguments);

    private void ShouldHaveTheSameFiles()
    {
        folder.Files.Where(name => name != "gau").Should().Equal(usual.Files);
        foreach (string name in usual.Files)
            File.ReadAllBytes(folder.Path(name)).Should().Equal(File.ReadAllBytes(usual.Path(name)), name);
    }
}
