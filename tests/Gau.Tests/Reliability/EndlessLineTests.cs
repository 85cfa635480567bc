using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>R6, R9, R10: lines without an end, read through a pipe, in memory that does not grow with them.</summary>
public sealed class EndlessLineTests(TinyGau gau) : IClassFixture<TinyGau>
{
    private const string TooLong = "\"error\":\"the record is longer than the longest line allowed\"}";

    // The longest line allowed, the buffer that grew to hold half of it, and the program.
    private const double UsualMost = 256;

    [Fact]
    public void R6_FourGigabytesWithoutANewline_AreOneRejectInBoundedMemory()
    {
        TestLevel.RequireCi();
        MeasuredRun run = Score("--format txt", "head -c 4G /dev/zero");
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().Be($"{{\"id\":0,{TooLong}\n");
        run.PeakMiB.Should().BeInRange(1, UsualMost);
    }

    [Fact]
    public void R9_StringOfAGigabyte_IsRejectedBetweenItsNeighbours()
    {
        TestLevel.RequireCi();
        const string Good = "echo '{\"text\":\"今天\"}'";
        string rejects = gau.Path("rejects.jsonl");
        MeasuredRun run = Score(
            $"--rejects '{rejects}' --max-line 1000000",
            $"{Good}; printf '{{\"text\":\"'; head -c 1G /dev/zero | tr '\\0' a; echo '\"}}'; {Good}");
        run.Code.Should().Be(0, run.Error);
        string[] rows = run.Output.Split('\n');
        rows[0].Should().StartWith("{\"id\":0,\"label\"");
        rows[1].Should().Be($"{{\"id\":1,{TooLong}");
        rows[2].Should().Be(rows[0].Replace("\"id\":0", "\"id\":2", StringComparison.Ordinal));
        run.PeakMiB.Should().BeInRange(1, 128);
        string reject = File.ReadAllText(rejects);
        reject.Should().EndWith(
            "\"file\":\"standard input\",\"record\":1,\"line\":2,\"offset\":18}\n", "what was too long is not kept");
    }

    [Fact]
    public void R10_QuoteThatNeverCloses_IsMalformedInBoundedMemory()
    {
        MeasuredRun run = Score(
            "--format csv", "printf 'id,text\\n1,今天\\n2,\"'; head -c 400M /dev/zero | tr '\\0' '\\n'");
        run.Code.Should().Be(65);
        run.Error.Should().Be("error: standard input: line 3: the input ends inside quotes that open in this record\n");
        run.Output.Should().StartWith("{\"id\":\"1\",\"label\"").And.EndWith("}\n");
        run.PeakMiB.Should().BeInRange(1, UsualMost);
    }

    private MeasuredRun Score(string options, string generator) => MeasuredRun.Of(
        $"export GAU_MODEL='{gau.Model}'; exec {ChildProcess.Command("gau")} score - {options} < <({generator})");
}
