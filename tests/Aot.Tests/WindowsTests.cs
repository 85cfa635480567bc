using System.Diagnostics;
using System.Text;
using FluentAssertions;
using GauRuntime.Cli.Tests;
using GauRuntime.Kernels;
using Xunit;

namespace GauRuntime.Aot.Tests;

/// <summary>The program for Windows, run by Wine, gives the bytes of the one for Linux.</summary>
public sealed class WindowsTests : IDisposable
{
    private readonly TemporaryFolder windows = new(), linux = new();
    private readonly string gau;

    public WindowsTests(WindowsPrograms programs)
    {
        gau = programs.Gau;
        foreach (TemporaryFolder folder in (TemporaryFolder[])[windows, linux])
        {
            EveryCommand.WriteInputs(folder);
            folder.Write("记录.csv", "id,text\r\n甲,\"第一条, 国务院\"\r\n乙,人民法院审理案件。\r\n");
            folder.Write("gbk.csv", CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!.GetBytes(
                "id,text\r\n甲,人民法院审理案件，适用法律。㐀😀\r\n"));
        }
    }

    /// <summary>But help, whose lines end otherwise, and inspect, which says of each tier what the system lacks.</summary>
    public static IEnumerable<TheoryDataRow<string, int>> Commands =>
        EveryCommand.Lines.Where(row => row.Data.Item1 != "--help" && !row.Data.Item1.StartsWith("inspect", StringComparison.Ordinal));

    public static TheoryData<string> Tiers => [.. KernelTiers.Known.Where(tier => tier != "amx")];

    public void Dispose()
    {
        windows.Dispose();
        linux.Dispose();
    }

    [Theory]
    [InlineData("score 记录.csv --output-format csv", 0)]
    [InlineData("score gbk.csv --encoding gb18030 -o out.csv --bom", 0)]
    [InlineData("score in.jsonl -o out.tsv.gz --rejects bad.jsonl", 0)]
    [InlineData("score '*.jsonl' --keep-fields -o out.csv", 0)]
    [InlineData("score - --format txt < 记录.csv", 0)]
    [InlineData("score --literal '第一条　本法自2024年起施行。'", 0)]
    [InlineData("score in.jsonl --dry-run 5", 0)]
    [InlineData("score in.jsonl --max-rejects 0 -o out.jsonl", 3)]
    [InlineData("score 没有.jsonl", 66)]
    [InlineData("score in.jsonl --nonsense", 2)]
    [InlineData("embed in.jsonl --pooling mean --normalize -o vectors.npy", 0)]
    [MemberData(nameof(Commands))]
    public void Command_UnderWine_DoesWhatItDoesOnLinux(string arguments, int code) => Both(arguments, code);

    [Theory]
    [InlineData("kept.parquet")]
    [InlineData("kept.arrow")]
    [InlineData("kept.tsv")]
    [InlineData("kept.jsonl.gz")]
    [InlineData("kept.csv.zst")]
    public void Format_WrittenUnderWine_IsReadThere(string name)
    {
        Both($"score in.jsonl -o {name}", 0);
        Both($"score {name} --text label -o again.jsonl", 0);
        File.ReadLines(windows.Path("again.jsonl")).Should().HaveCountGreaterThan(30);
    }

    [Fact]
    public void Utf16_UnderWine_IsRead()
    {
        foreach (TemporaryFolder folder in (TemporaryFolder[])[windows, linux])
            folder.Write("utf16.csv", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("id,text\r\n甲,人民法院审理案件😀\r\n")]);
        Both("score utf16.csv --encoding utf-16", 0);
    }

    [Fact]
    public void Shares_ByAnIndex_AreThoseOfLinux()
    {
        Both("index in.jsonl labelled.jsonl -o in.index", 0);
        foreach (int shard in (int[])[0, 1, 2])
            Both($"score in.jsonl labelled.jsonl --index in.index --shard {shard}/3 -o parts", 0);
        Both("merge parts -o merged.jsonl", 0);
    }

    [Fact]
    public void Help_UnderWine_IsThatOfLinuxWithTheLineEndsOfWindows()
    {
        string expected = Programs.Run(Programs.Jit, linux.Root, "help score").Output;
        Programs.Outcome found = Programs.Run(gau, windows.Root, "help score");
        found.Output.Should().Be(expected.ReplaceLineEndings("\r\n"), found.Error);
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void Score_EveryTier_GivesTheBytesOfLinux(string tier)
    {
        Assert.SkipUnless(KernelTiers.Available.Contains(tier), KernelTiers.Unavailable.GetValueOrDefault(tier, ""));
        Programs.Outcome expected = Programs.Run(Programs.Jit, linux.Root, "score in.jsonl");
        Programs.Outcome found = Programs.Run(gau, windows.Root, "score in.jsonl", $"GAU_ISA={tier}");
        found.Output.Should().Be(expected.Output, found.Error);
    }

    [Fact]
    public void Job_KilledAgainAndAgain_ResumesToTheBytesOfLinux()
    {
        const int Kills = 6;
        foreach (TemporaryFolder folder in (TemporaryFolder[])[windows, linux])
            folder.Write("many.jsonl", Cli.Tests.SampleRecords.JsonLines(20_000));
        Programs.Run(Programs.Jit, linux.Root, "score many.jsonl -o out.jsonl --rejects bad.jsonl").Code.Should().Be(0);
        Random random = new(24);
        int killed = 0;
        for (int i = 0; i < Kills; i++)
        {
            using Process run = ChildProcess.Start(
                $"cd '{windows.Root}'; exec {gau} score many.jsonl -o out.jsonl --rejects bad.jsonl --resume --checkpoint-seconds 0");
            ChildProcess.Until(() => run.HasExited || File.Exists(windows.Path("out.jsonl.journal")));
            Thread.Sleep(random.Next(300, 2000));
            killed += run.HasExited ? 0 : 1;
            run.Kill();
            run.WaitForExit();
        }
        killed.Should().BePositive();
        Programs.Outcome last = Programs.Run(
            gau, windows.Root, "score many.jsonl -o out.jsonl --rejects bad.jsonl --resume --checkpoint-seconds 0");
        last.Code.Should().Be(0, last.Error);
        ShouldHaveTheSameFiles();
    }

    [Fact]
    public void Shards_Merged_GiveTheBytesOfOneRun()
    {
        Both("score in.jsonl -o whole.parquet", 0);
        foreach (int shard in (int[])[0, 1, 2])
            Both($"score in.jsonl --shard {shard}/3 --output-format parquet -o parts", 0);
        Both("merge parts -o merged.parquet", 0);
        // Parts of Linux, joined under Wine, and the other way round.
        Directory.Move(windows.Path("parts"), windows.Path("own"));
        Programs.Run("", windows.Root, $"cp -r '{linux.Path("parts")}' .").Code.Should().Be(0);
        Programs.Run(gau, windows.Root, "merge parts -o of-linux.parquet").Code.Should().Be(0);
        Programs.Run(Programs.Jit, windows.Root, "merge own -o of-windows.parquet").Code.Should().Be(0);
        byte[] merged = File.ReadAllBytes(linux.Path("merged.parquet"));
        File.ReadAllBytes(windows.Path("of-linux.parquet")).Should().Equal(merged);
        File.ReadAllBytes(windows.Path("of-windows.parquet")).Should().Equal(merged);
    }

    [Fact]
    public void Output_LongPath_IsWritten()
    {
        // Longer than MAX_PATH, 260 characters.
        string deep = string.Join('/', Enumerable.Repeat(new string('深', 30), 10));
        foreach (TemporaryFolder folder in (TemporaryFolder[])[windows, linux])
            Directory.CreateDirectory(folder.Path(deep));
        Both($"score in.jsonl -o {deep}/out.jsonl", 0);
        File.ReadAllBytes(windows.Path($"{deep}/out.jsonl")).Should().Equal(File.ReadAllBytes(linux.Path($"{deep}/out.jsonl")));
    }

    /// <summary>Windows takes such names for devices: nul is asked for like /dev/null, the others would lose results.</summary>
    [Theory]
    [InlineData("nul", 0)]
    [InlineData("con", 73)]
    [InlineData("nul.jsonl", 73)]
    [InlineData("Aux.csv", 73)]
    public void Output_ReservedName_LosesNothing(string name, int code)
    {
        Programs.Outcome run = Programs.Run(gau, windows.Root, $"score in.jsonl -o {name}");
        run.Code.Should().Be(code, run.Error);
        run.Error.Should().NotContain("   at ");
        if (code != 0)
            Lines(run.Error, "error: ").Should().ContainSingle().Which.Should().Contain(name);
        windows.Files.Should().Equal(linux.Files);
    }

    private void Both(string arguments, int code)
    {
        Programs.Outcome expected = Programs.Run(Programs.Jit, linux.Root, arguments);
        Programs.Outcome found = Programs.Run(gau, windows.Root, arguments);
        expected.Code.Should().Be(code, expected.Error);
        found.Code.Should().Be(code, found.Error);
        found.Output.Should().Be(expected.Output);
        // Messages too, in UTF-8, but for what depends on the clock and the machine.
        if (code != 0)
            Lines(found.Error, "error: ").Should().Equal(Lines(expected.Error, "error: "));
        ShouldHaveTheSameFiles();
    }

    private void ShouldHaveTheSameFiles()
    {
        windows.Files.Should().Equal(linux.Files);
        foreach (string name in linux.Files)
            File.ReadAllBytes(windows.Path(name)).Should().Equal(File.ReadAllBytes(linux.Path(name)), name);
    }

    private static string[] Lines(string text, string beginning) =>
        [.. text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.StartsWith(beginning, StringComparison.Ordinal))];
}
