using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FluentAssertions;
using GauRuntime.Cli.Records;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using Xunit;

namespace GauRuntime.Cli.Tests.Words;

/// <summary>What is told of a run while it goes on, and when a signal ends it.</summary>
public sealed partial class ProgressTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;
    private readonly ManualClock clock = new();

    public ProgressTests()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence);
        environment = new() { ["GAU_MODEL"] = folder.Path("model.safetensors") };
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(29, 0)]
    [InlineData(30, 1)]
    [InlineData(95, 3)]
    public void Run_OffATerminal_TellsALineEvery30Seconds(int seconds, int lines)
    {
        string[] told = Progress(Run(seconds, "score", "-"));
        told.Should().HaveCount(lines);
        told.Should().NotContain(line => !line.StartsWith("gau: ") || !line.EndsWith(" tokens/s, 0 rejected"));
    }

    [Fact]
    public void Run_NoProgress_TellsNoLines() => Progress(Run(95, "score", "-", "--no-progress")).Should().BeEmpty();

    [Fact]
    public void Run_Json_TellsEvents()
    {
        string[] lines = Run(30, "score", "-", "--json").Error.Split('\n');
        string[] events = [.. lines.Where(line => line.Contains("\"progress\""))];
        events.Should().HaveCount(3, "there is one every 10 seconds");
        JsonDocument.Parse(events[2]).RootElement.GetProperty("progress").GetProperty("seconds").GetDouble()
            .Should().Be(30);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(39)]
    [InlineData(60)]
    [InlineData(79)]
    [InlineData(80)]
    [InlineData(200)]
    public void Bar_AnyWidth_StaysOnOneLine(int width)
    {
        folder.Write("in.txt", "今天\n");
        using RecordSource source = new([InputFile.Find(folder.Path("in.txt"), null)], new RecordFields());
        string line = ProgressDisplay.Line(new RunProgress(new RunTotals(), source, clock), width);
        line.Length.Should().BeLessThan(width - 1);
        line.Should().StartWith("[----------");
    }

    [Theory]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(120)]
    public void Bar_OnATerminal_IsOneLineThatIsDrawnAgain(int width)
    {
        folder.Write("in.txt", "今天\n");
        using RecordSource source = new([InputFile.Find(folder.Path("in.txt"), null)], new RecordFields());
        using StringWriter written = new();
        using TextWriter shared = TextWriter.Synchronized(written);
        string Shown()
        {
            lock (shared)
                return written.ToString();
        }

        ProgressDisplay.Show(
            new RunProgress(new RunTotals(), source, clock),
            () => ChildProcess.Until(() => Shown().Contains("[----")), shared, () => width);
        string[] lines =
        [
            .. Shown().Split('\r', '\n').Select(line => line.Trim())
                .Where(line => line.Length > 0),
        ];
        lines.Should().NotBeEmpty().And.OnlyContain(line => line.StartsWith("[----------") && line.Length < width);
        Shown().Should().EndWith("\r").And.NotContain("\n");
    }

    [Fact]
    public void Run_Signal_SaysWhatIsSavedAndSumsUp()
    {
        using CancellationTokenSource signal = new();
        using Waiting input = new(Records(2000), () => CancelOnceSomethingIsSaved(signal));
        GauRun run = GauRun.Of(
            ["score", "-", "-o", folder.Path("out.jsonl"), "--checkpoint-seconds", "0", "--batch-tokens", "8"],
            () => input, environment, TimeProvider.System, signal.Token);
        run.Code.Should().Be(143);
        run.Error.Should().MatchRegex(
            @"note: (\d+) records are saved; the same command with --resume goes on behind them\n"
            + @"gau: \1 records \(0 rejected, .*\n.*error: stopped by a signal\n$");
        run.Error.Should().NotContain(".partial").And.NotContain(".journal");
    }

    [Fact]
    public void Run_SignalBeforeAnythingIsSaved_AdvisesNothing()
    {
        using CancellationTokenSource signal = new();
        signal.Cancel();
        GauRun run = Interrupted(2, signal, "--force");
        run.Code.Should().Be(143);
        run.Error.Should().Contain("note: nothing was saved yet\n").And.NotContain("--resume");
        folder.Files.Should().Equal("model.safetensors");
    }

    [Fact]
    public void Run_SignalAfterForce_AdvisesWhatGoesOn()
    {
        folder.Write("out.jsonl", "old\n");
        using CancellationTokenSource signal = new();
        GauRun run = Interrupted(2000, signal, "--force");
        run.Error.Should().Contain(" records are saved; the same command with --resume in place of --force goes on");
        using CancellationTokenSource none = new();
        Interrupted(2000, none, "--resume").Code.Should().Be(0);
        File.ReadLines(folder.Path("out.jsonl")).Should().HaveCount(2000).And.NotContain("old");
    }

    [Theory]
    [InlineData("--json", "{\"progress\":{")]
    [InlineData("--threads=1", "gau: 0 %, 0 records, ")]
    public void Search_OfTexts_TellsOfIndexAndQueries(string option, string start)
    {
        folder.Write("texts.jsonl", "{\"id\":1,\"text\":\"今天\"}\n");
        Told("search", "texts.jsonl", "--literal", "今天", option).Should().HaveCount(option == "--json" ? 6 : 2)
            .And.OnlyContain(line => line.StartsWith(start));
        Told("search", "texts.jsonl", "--literal", "今天", option, "--no-progress").Should().BeEmpty();
    }

    [Theory]
    [InlineData("dedup", "\"of\":\"records compared\"}}")]
    [InlineData("cluster", "\"of\":\"rounds\"}}")]
    public void Group_Json_TellsEvents(string command, string end)
    {
        folder.Write("texts.jsonl", string.Concat("今天气很好我们去公园".Select(text => $"{{\"text\":\"{text}\"}}\n")));
        string[] more = command == "cluster" ? ["-k", "2"] : [];
        Told([command, "texts.jsonl", "--json", .. more]).Should().Contain(line => line.EndsWith(end))
            .And.OnlyContain(line => line.StartsWith("{\"progress\":{"));
        Told([command, "texts.jsonl", "--json", "--no-progress", .. more]).Should().BeEmpty();
    }

    // The lines about how far a command is that reads a file.
    private string[] Told(params string[] words)
    {
        GauRun run = GauRun.Of(
            [.. words.Select(word => word == "texts.jsonl" ? folder.Path(word) : word)], () => Stream.Null, environment,
            new LeapingClock());
        run.Code.Should().Be(0, run.Error);
        return
        [
            .. run.Error.Split('\n').Where(line => line.StartsWith("{\"progress\":")
                || (line.StartsWith("gau: ") && line.EndsWith("rejected"))),
        ];
    }

    // A signal comes in the middle of the input.
    private GauRun Interrupted(int records, CancellationTokenSource signal, string option)
    {
        using Waiting input = new(
            Records(records), option == "--force" ? () => CancelOnceSomethingIsSaved(signal) : () => { });
        return GauRun.Of(
            ["score", "-", "-o", folder.Path("out.jsonl"), option, "--checkpoint-seconds", "0", "--batch-tokens", "8"],
            () => input, environment, TimeProvider.System, signal.Token);
    }

    private void CancelOnceSomethingIsSaved(CancellationTokenSource signal)
    {
        ChildProcess.Until(() => signal.IsCancellationRequested
            || new FileInfo(folder.Path("out.jsonl.partial")) is { Exists: true, Length: > 0 });
        signal.Cancel();
    }

    private static byte[] Records(int count) => Encoding.UTF8.GetBytes(
        string.Concat(Enumerable.Range(0, count).Select(i => $"{{\"id\":{i},\"text\":\"今天\"}}\n")));

    private static string[] Progress(GauRun run)
    {
        run.Code.Should().Be(0, run.Error);
        string[] lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[^1].Should().StartWith("gau: 3 records (0 rejected");
        return lines[..^1];
    }

    // The time passes between the first record and the rest.
    private GauRun Run(int seconds, params string[] args)
    {
        using Waiting input = new(Records(3), () => clock.Advance(TimeSpan.FromSeconds(seconds)));
        return GauRun.Of(args, () => input, environment, clock);
    }

    // Something happens in the middle.
    private sealed class Waiting(byte[] content, Action happens) : MemoryStream(content)
    {
        private bool happened;

        public override int Read(Span<byte> buffer)
        {
            if (!happened && Position > 0)
            {
                happened = true;
                happens();
            }
            return base.Read(buffer[..Math.Min(buffer.Length, (int)Length / 2)]);
        }

        public override bool CanSeek => false;
    }
}
