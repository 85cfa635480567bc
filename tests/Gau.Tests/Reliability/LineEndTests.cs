using System.Text;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>R1: how lines end and files begin changes no score.</summary>
public sealed class LineEndTests(TinyGau gau) : IClassFixture<TinyGau>
{
    private static readonly string[] Texts = ["今天天气很好", "", "我们去公园玩 abc", "天"];

    public static TheoryData<string> Formats { get; } = ["jsonl", "csv", "tsv", "txt"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void R1_MissingLastNewline_GivesTheCanonicalScores(string format) =>
        IsCanonical(format, Canonical(format)[..^1]);

    [Theory]
    [MemberData(nameof(Formats))]
    public void R1_CarriageReturnsBeforeLineFeeds_GiveTheCanonicalScores(string format) =>
        IsCanonical(format, Replace(Canonical(format), "\n", "\r\n"));

    [Theory]
    [MemberData(nameof(Formats))]
    public void R1_ByteOrderMark_GivesTheCanonicalScores(string format) =>
        IsCanonical(format, [.. Encoding.UTF8.Preamble, .. Canonical(format)]);

    [Theory]
    [MemberData(nameof(Formats))]
    public void R1_ByteOrderMarkCarriageReturnsAndNoLastNewline_GiveTheCanonicalScores(string format) =>
        IsCanonical(format, [.. Encoding.UTF8.Preamble, .. Replace(Canonical(format), "\n", "\r\n")[..^2]]);

    [Theory]
    [InlineData("csv")]
    [InlineData("tsv")]
    public void R1_LoneCarriageReturns_EndRecordsOfCsv(string format) =>
        IsCanonical(format, Replace(Canonical(format), "\n", "\r"));

    [Theory]
    [InlineData("txt", "今天\r天气\n天\r", "今天 天气\n天\n")]
    [InlineData("jsonl", "\r{\"text\":\r\"今天\"\r}\n{\"text\":\"天\\r气\"}\r", "{\"text\":\"今天\"}\n{\"text\":\"天 气\"}\n")]
    public void R1_LoneCarriageReturns_AreWhiteSpaceElsewhere(string format, string input, string canonical)
    {
        GauRun run = gau.Run($"score - --format {format}", input);
        run.Lines.Should().HaveCount(2).And.OnlyContain(row => row.Contains("\"label\""));
        run.Output.Should().Be(gau.Run($"score - --format {format}", canonical).Output);
    }

    [Fact]
    public void R1_JsonObjectsBetweenLoneCarriageReturns_AreRejectedAndNotMerged()
    {
        GauRun run = gau.Run("score -", "{\"text\":\"今\"}\r{\"text\":\"天\"}\r{\"text\":\"气\"}");
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().Be("{\"id\":0,\"error\":\"not JSON at byte 15 of the record\"}\n");
    }

    [Theory]
    [InlineData("jsonl", "", "")]
    [InlineData("csv", "", "")]
    [InlineData("tsv", "", "")]
    [InlineData("txt", "", "")]
    [InlineData("txt", "\uFEFF", "")]
    [InlineData("jsonl", "\n", "")]
    [InlineData("jsonl", "\r\n \t\n\n", "")]
    [InlineData("csv", "\n", "")]
    [InlineData("tsv", "\r\n", "")]
    [InlineData("csv", "\uFEFF\r\r\n", "")]
    [InlineData("txt", "\n", "{\"text\":\"\"}")]
    [InlineData("txt", "\r\n\n", "{\"text\":\"\"}\n{\"text\":\"\"}")]
    [InlineData("csv", "\n\r\nid,text\n0,今天\n\n1,天气\n", "{\"text\":\"今天\"}\n{\"text\":\"天气\"}")]
    [InlineData("csv", "text\n\n今天\n\n", "{\"text\":\"\"}\n{\"text\":\"今天\"}\n{\"text\":\"\"}")]
    public void R1_NothingInAnInputOrALine_IsTheCanonicalForm(string format, string input, string canonical)
    {
        GauRun run = gau.Run($"score - --format {format}", input);
        run.Code.Should().Be(0, run.Error);
        GauRun expected = gau.Run("score -", canonical);
        TinyGau.Answers(run).Should().Equal(TinyGau.Answers(expected));
        run.Error.Should().StartWith($"gau: {expected.Lines.Length} records (0 rejected, ");
    }

    [Fact]
    public void R1_EmptyFile_GivesAnEmptyFile()
    {
        File.WriteAllBytes(gau.Path("empty.jsonl"), []);
        gau.Run($"score {gau.Path("empty.jsonl")} -o {gau.Path("out.jsonl")}", "").Code.Should().Be(0);
        File.ReadAllBytes(gau.Path("out.jsonl")).Should().BeEmpty();
        gau.Run($"score {gau.Path("empty.jsonl")} -o {gau.Path("out.csv")}", "").Code.Should().Be(0);
        File.ReadAllText(gau.Path("out.csv")).Should().Be("id,label,score,p_a,p_b,p_c,tokens,truncated,empty,error\n");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void R1_LineOfTheMostBytes_IsKeptWhateverEndsIt(string format)
    {
        byte[] file = RecordBytes.File(format, "今天天气很好 abc");
        int longest = file.Length - 1 - RecordBytes.Header(format).Length;
        string command = $"score - --format {format} --max-line {longest}";
        string row = gau.Run(command, file).Output;
        row.Should().Contain("\"label\"");
        gau.Run(command, Replace(file, "\n", "\r\n")).Output.Should().Be(row);
        gau.Run(command, file[..^1]).Output.Should().Be(row);
        gau.Run($"score - --format {format} --max-line {longest - 1}", Replace(file, "\n", "\r\n")).Output.Should()
            .EndWith("\"error\":\"the record is longer than the longest line allowed\"}\n");
    }

    private static byte[] Canonical(string format) => RecordBytes.File(format, Texts);

    private static byte[] Replace(byte[] bytes, string from, string to) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace(from, to, StringComparison.Ordinal));

    private void IsCanonical(string format, byte[] input)
    {
        GauRun canonical = gau.Run($"score - --format {format}", Canonical(format));
        canonical.Lines.Should().HaveCount(Texts.Length).And.OnlyContain(row => row.Contains("\"label\""));
        GauRun run = gau.Run($"score - --format {format}", input);
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().Be(canonical.Output);
    }
}
