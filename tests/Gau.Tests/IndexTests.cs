using System.Globalization;
using System.Text;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary><c>gau index</c> and <c>--index</c>.</summary>
public sealed class IndexTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;

    public IndexTests()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence);
        environment = new() { ["GAU_MODEL"] = folder.Path("model.safetensors") };
        folder.Write("in.txt", "今\n天\n气\n很\n");
        folder.Write("in.csv", "id,text\n1,\"今\n天\"\n2,气\n");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Index_SharesAndMerge_GiveTheBytesOfOneRun()
    {
        Run("score", "{in.txt}", "{in.csv}", "-o", "{whole.jsonl}").Code.Should().Be(0);
        GauRun made = Run("index", "{in.txt}", "{in.csv}", "-o", "{in.gauindex}");
        made.Code.Should().Be(0, made.Error);
        made.Error.Should().MatchRegex(@"^gau: 2 inputs, 6 records, 42 bytes in [0-9.]+ s, [0-9]+ MB/s; 0 places\n$");
        made.Output.Should().BeEmpty();
        for (int i = 0; i < 3; i++)
        {
            GauRun share = Run(
                "score", "{in.txt}", "{in.csv}", "-o", "{parts}", "--shard", $"{i}/3", "--index", "{in.gauindex}", "--resume");
            share.Code.Should().Be(0, share.Error);
        }
        Run("merge", "{parts}", "-o", "{merged.jsonl}").Code.Should().Be(0);
        File.ReadAllText(folder.Path("merged.jsonl")).Should().Be(File.ReadAllText(folder.Path("whole.jsonl")));
    }

    [Fact]
    public void Index_ByVariable_StandsForTheOption()
    {
        Run("index", "{in.txt}", "-o", "{i}").Code.Should().Be(0);
        environment["GAU_INDEX"] = folder.Path("i");
        Run("score", "{in.txt}", "--shard", "1/2").Lines.Should().HaveCount(2);
        Run("score", "{in.csv}", "--shard", "1/2").Code.Should().Be(2, "the index does not list it");
    }

    [Fact]
    public void Index_InputsThatStayWhole_AreSaid()
    {
        folder.Write("a.jsonl", "[{\"text\":\"今\"},{\"text\":\"天\"}]");
        GauRun run = Run("index", "{a.jsonl}", "{in.txt}", "-o", "{i}");
        run.Code.Should().Be(0);
        run.Error.Should().EndWith(
            "note: 1 of 2 inputs stay whole, as they are compressed, arrays of JSON or JSON over several lines: each belongs to one share\n");
        Run("index", "{a.jsonl}", "-o", "{i}", "--force", "--json").Error.Should().StartWith(
            "{\"summary\":{\"inputs\":1,\"whole\":1,\"records\":2,\"bytes\":31,\"places\":0,");
    }

    [Theory]
    [InlineData(2, "index needs --output FILE", "index {in.txt}")]
    [InlineData(2, "index needs --output FILE", "index {in.txt} -o -")]
    [InlineData(2, "standard input cannot be indexed", "index - -o {new}")]
    [InlineData(2, "Required argument 'INPUT' missing", "index -o {new}")]
    [InlineData(2, "--quotes", "index {in.txt} --quotes rfc -o {new}")]
    [InlineData(2, "--no-header is for CSV and TSV", "index {in.txt} --no-header -o {new}")]
    [InlineData(2, "--encoding", "index {in.parquet} --encoding gb18030 -o {new}")]
    [InlineData(65, "no Parquet file", "index {in.parquet} -o {new}")]
    [InlineData(65, "ends inside quotes", "index {open.csv} -o {new}")]
    [InlineData(66, "no such file", "index {none.txt} -o {new}")]
    [InlineData(73, "exists already; --force replaces it", "index {in.txt} -o {i}")]
    [InlineData(73, "this is an input", "index {in.txt} -o {in.txt} --force")]
    [InlineData(0, "", "index {in.txt} -o {i} --force")]
    [InlineData(0, "", "index {in.csv} --no-header --delimiter , --quotes rfc --encoding utf-8 --threads 1 --no-progress -o {new}")]
    [InlineData(2, "--index is for --shard and --resume", "score {in.txt} --index {i}")]
    [InlineData(2, "--index is for --shard and --resume", "score {in.txt} --index {i} -o {new}")]
    [InlineData(0, "", "score {in.txt} --index {i} -o {new} --resume")]
    [InlineData(0, "", "score {in.txt} --index {i} -o {new} --shard 0/2")]
    [InlineData(0, "", "embed {in.txt} --index {i} -o {new} --shard 1/2")]
    [InlineData(2, "the index does not list this input", "score {in.txt} {in.csv} --index {i} --shard 0/2")]
    [InlineData(2, "the index does not list this input", "score {in.txt} --literal 今 --index {i} --shard 0/2")]
    [InlineData(66, "none: no such file", "score {in.txt} --index {none} --shard 0/2")]
    [InlineData(66, "folder: a folder; name an index, a file", "score {in.txt} --index {folder} --shard 0/2")]
    [InlineData(65, "is no index of inputs", "score {in.txt} --index {in.csv} --shard 0/2")]
    [InlineData(65, "is damaged", "score {in.txt} --index {damaged} --shard 0/2")]
    [InlineData(78, "was indexed as txt in UTF-8, and is read as jsonl in UTF-8", "score {in.txt} --format jsonl --index {i} --shard 1/2")]
    [InlineData(73, "is the index", "score {in.txt} --index {i} -o {i} --resume")]
    public void Command_AnyFault_IsOneLine(int code, string said, string line)
    {
        Run("index", "{in.txt}", "-o", "{i}").Code.Should().Be(0);
        folder.Write("damaged", [.. File.ReadAllBytes(folder.Path("i"))[..^1], 0, 0]);
        folder.Write("in.parquet", "nothing");
        Directory.CreateDirectory(folder.Path("folder"));
        folder.Write("open.csv", "id,text\n1,\"a\n");
        GauRun run = Run(line.Split(' '));
        run.Code.Should().Be(code, run.Error);
        if (code == 0)
            return;
        run.Error.Should().Contain(said).And.MatchRegex(@"^(note: [^\n]*\n)*error: [^\n]*\n$");
        File.Exists(folder.Path("new")).Should().BeFalse();
    }

    [Fact]
    public void Index_ThatIsAPipe_IsRefusedWithoutWaitingForIt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pipes have names on Linux");
        ChildProcess.Shell($"mkfifo '{folder.Path("pipe")}'").Code.Should().Be(0);
        foreach (string pipe in (string[])["{pipe}", "/dev/null"])
        {
            GauRun run = Run("score", "{in.txt}", "--index", pipe, "--shard", "0/2");
            run.Code.Should().Be(65);
            run.Error.Should().MatchRegex($"^error: {(pipe[0] == '{' ? folder.Path("pipe") : pipe)}[^\n]*is no file but a pipe or a device[^\n]*\n$");
        }
    }

    [Theory]
    [InlineData("今\n天\n气\n很\n好\n", "it had 16 bytes and has 20")]
    [InlineData("今\n天\n气\n好\n", "it has been written to")]
    public void F6_InputThatWasIndexedChanges_IsRefused(string content, string said)
    {
        Run("index", "{in.txt}", "-o", "{i}").Code.Should().Be(0);
        DateTime time = File.GetLastWriteTimeUtc(folder.Path("in.txt"));
        folder.Write("in.txt", content);
        File.SetLastWriteTimeUtc(folder.Path("in.txt"), time.AddSeconds(2));
        GauRun run = Run("score", "{in.txt}", "-o", "{parts}", "--shard", "1/2", "--index", "{i}");
        run.Code.Should().Be(78);
        run.Error.Should().MatchRegex(
            $@"^error: [^\n]*in\.txt: was changed since it was indexed \({said}\); 'gau index' makes another index\n$");
    }

    [Fact]
    public void F6_BytesChangeUnderTheSameSizeAndTime_AreRefusedByTheShareThatReadsThem()
    {
        DateTime time = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);   // to the tick that a test can set
        File.SetLastWriteTimeUtc(folder.Path("in.txt"), time);
        Run("index", "{in.txt}", "-o", "{i}").Code.Should().Be(0);
        folder.Write("in.txt", "今\n天\n气\n好\n");
        File.SetLastWriteTimeUtc(folder.Path("in.txt"), time);
        GauRun run = Run("score", "{in.txt}", "-o", "{parts}", "--shard", "1/2", "--index", "{i}");
        run.Code.Should().Be(78);
        run.Error.Should().Contain("in.txt: is not what was indexed: its bytes from 0 on are others");
        Directory.GetFiles(folder.Path("parts")).Where(path => path.EndsWith(".done", StringComparison.Ordinal))
            .Should().BeEmpty();
    }

    [Fact]
    public void Index_LargeInput_SharesReadTheirPartAndLittleMore()
    {
        TestLevel.RequireCi();
        Assert.SkipUnless(File.Exists("/proc/self/io"), "the kernel does not count what processes read");
        const int Records = 320;
        using (StreamWriter writer = new(folder.Path("large.jsonl")))
        {
            string rest = new('x', 1 << 20);
            for (int i = 0; i < Records; i++)
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{i},\"rest\":\"{i % 7}{rest}\",\"text\":\"今{i}\"}}\n"));
        }
        string input = folder.Path("large.jsonl");
        long size = new FileInfo(input).Length;
        long start = Read($"score '{folder.Path("in.txt")}' -o '{folder.Path("small")}' --shard 0/1");
        Run("score", "{large.jsonl}", "-o", "{whole.jsonl}").Code.Should().Be(0);
        Read($"index '{input}' -o '{folder.Path("large.gauindex")}'").Should().BeLessThan(size + start + (4 << 20));
        for (int i = 0; i < 10; i++)
        {
            long read = Read(
                $"score '{input}' -o '{folder.Path("parts")}' --shard {i}/10 --index '{folder.Path("large.gauindex")}'") - start;
            read.Should().BeLessThan(size / 10 + (64 << 20) + (8 << 20), $"share {i} has a tenth of {size} bytes");
        }
        Run("merge", "{parts}", "-o", "{merged.jsonl}").Code.Should().Be(0);
        File.ReadAllText(folder.Path("merged.jsonl")).Should().Be(File.ReadAllText(folder.Path("whole.jsonl")));
        (Read($"score '{input}' -o '{folder.Path("last")}' --shard 9/10") - start).Should().BeGreaterThan(
            size - (1 << 20), "that is what the index saves");
    }

    // What a process reads of files, by the count of the shell that has waited for it.
    private long Read(string command)
    {
        (int code, string output, string error) = ChildProcess.Shell($"""
            export GAU_MODEL='{folder.Path("model.safetensors")}'
            read -r _ before < /proc/$$/io
            {ChildProcess.Command("gau")} {command} || exit
            read -r _ after < /proc/$$/io
            echo $((after - before))
            """);
        code.Should().Be(0, error);
        return long.Parse(output, CultureInfo.InvariantCulture);
    }

    private GauRun Run(params string[] args) => GauRun.Of(
        folder.Named(args), Encoding.UTF8.GetBytes("今\n"), environment);
}
