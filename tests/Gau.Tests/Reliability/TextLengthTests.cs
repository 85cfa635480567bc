using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>R6, R8: long texts are cut and say so, long words are unknown.</summary>
public sealed class TextLengthTests(TinyGau gau) : IClassFixture<TinyGau>
{
    [Theory]
    [InlineData(509, 511, false)]
    [InlineData(510, 512, false)]
    [InlineData(511, 512, true)]
    public void R6_TextAroundTheMaximum_IsFlaggedWhereItWasCut(int characters, int tokens, bool truncated)
    {
        int cut = truncated ? 1 : 0;
        GauRun run = gau.Run("score - --format txt --max-length 512", $"今天\n{new string('天', characters)}\n今天\n");
        run.Error.Should().StartWith($"gau: 3 records (0 rejected, {cut} truncated), {tokens + 8} tokens ");
        string[] answers = TinyGau.Answers(run);
        answers[1].Should().EndWith($"\"tokens\":{tokens},\"truncated\":{(truncated ? "true" : "false")}}}");
        answers[0].Should().Be(answers[2]).And.EndWith("\"truncated\":false}");
    }

    [Fact]
    public void R6_CutText_HasTheScoreOfWhatIsLeft()
    {
        // A million tokens at the usual 4096.
        string text = string.Concat(Enumerable.Repeat("今天天气很好，我们", 111_112))[..1_000_000];
        string[] answers = TinyGau.Answers(gau.Run("score - --format txt", $"{text}\n{text[..4094]}\n"));
        answers[0].Should().EndWith("\"tokens\":4096,\"truncated\":true}");
        answers[1].Should().EndWith("\"tokens\":4096,\"truncated\":false}").And.StartWith("\"label\"");
        ScoreOf(answers[0]).Should().Be(ScoreOf(answers[1]));
    }

    [Fact]
    public void R6_LongerThanTheLongestLine_IsRejectedBetweenItsNeighbours()
    {
        foreach (string format in (string[])["jsonl", "csv", "tsv", "txt"])
        {
            byte[] input = RecordBytes.File(format, "今天", new string('a', 300_000), "天气");
            (GauRun run, JsonElement[] rejects) = gau.RunWithRejects(
                $"score - --format {format} --max-line 1000", input);
            run.Code.Should().Be(0, run.Error);
            GauRun good = gau.Run($"score - --format {format}", RecordBytes.File(format, "今天", "天", "天气"));
            run.Lines.Should().Equal(
                good.Lines[0],
                $"{{\"id\":{(format == "txt" ? "1" : "\"1\"")},\"error\":\"the record is longer than the longest line allowed\"}}",
                good.Lines[2]);
            rejects.Single().EnumerateObject().Select(p => p.Name).Should().Equal(
                "id", "error", "file", "record", "line", "offset");
            rejects[0].GetProperty("offset").GetInt32().Should().Be(RecordBytes.File(format, "今天").Length);
        }
    }

    [Theory]
    [InlineData(99, 101)]
    [InlineData(100, 102)]
    [InlineData(101, 3)]
    [InlineData(200, 3)]
    public void R8_LatinWord_IsUnknownBeyondAHundredCharacters(int characters, int tokens)
    {
        string word = new('a', characters);
        string[] answers = TinyGau.Answers(gau.Run("score - --format txt", $"{word}\n今 {word.ToUpperInvariant()}\n"));
        answers[0].Should().EndWith($"\"tokens\":{tokens},\"truncated\":false}}");
        answers[1].Should().EndWith($"\"tokens\":{tokens + 1},\"truncated\":false}}");
    }

    [Theory]
    [InlineData("a", 3)]
    [InlineData("\u0301", 2)]
    [InlineData("é", 3)]
    [InlineData("한", 3)]
    [InlineData("😀", 3)]
    public void R8_WordOfOneRepeatedCharacter_IsUnknown(string character, int tokens)
    {
        const int Words = 40;
        string word = string.Concat(Enumerable.Repeat(character, 100_000));
        GauRun run = gau.Run("score - --format txt", string.Concat(Enumerable.Repeat(word + "\n", Words)));
        TinyGau.Answers(run).Should().HaveCount(Words).And.OnlyContain(a => a.Contains($"\"tokens\":{tokens},"));
    }

    private static float ScoreOf(string answer) => TinyGau.Parse("{" + answer).GetProperty("score").GetSingle();
}
