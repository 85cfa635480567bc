using System.Diagnostics;
using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>R6, R7, R8: long texts are cut and say so, special tokens are spelled, long words are unknown.</summary>
public sealed class TextLengthTests(TinyGau gau) : IClassFixture<TinyGau>
{
    [Theory]
    [InlineData(509, 511, false)]
    [InlineData(510, 512, false)]
    [InlineData(511, 512, true)]
    public void R6_TextAroundTheMaximum_IsFlaggedWhereItWasCut(int characters, int tokens, bool truncated)
    {
        GauRun run = gau.Run("score - --format txt --max-length 512", $"今天\n{new string('天', characters)}\n今天\n");
        run.Error.Should().StartWith($"gau: 3 records (0 rejected, {(truncated ? 1 : 0)} truncated), {tokens + 8} tokens ");
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
                good.Lines[0], "{\"id\":1,\"error\":\"the record is longer than the longest line allowed\"}",
                good.Lines[2]);
            rejects.Single().EnumerateObject().Select(p => p.Name).Should().Equal(
                "id", "error", "file", "record", "line", "offset");
            rejects[0].GetProperty("offset").GetInt32().Should().Be(RecordBytes.File(format, "今天").Length);
        }
    }

    [Theory]
    [InlineData("[MASK]", "[ mask ]")]
    [InlineData("今[SEP]天[CLS]", "今 [ sep ] 天 [ cls ]")]
    [InlineData("[PAD][UNK]", "[ pad ] [ unk ]")]
    public void R7_SpecialTokensInAText_AreSpelledByScoreAndEmbed(string text, string spelled)
    {
        foreach (string command in (string[])["score - --format txt", "embed - --format txt"])
        {
            string[] answers = TinyGau.Answers(gau.Run(command, $"{text}\n{spelled}\n"));
            answers[0].Should().Contain("\"tokens\"").And.Be(answers[1]);
        }
    }

    [Fact]
    public void R7_SpecialTokensInAText_AreReadByFillAndWhereTokenizeIsAsked()
    {
        // hf_ids (parsed) and bert4keras_ids (spelled) of tests/fixtures/tokenizer/cases.json.
        const int Mask = 4;
        const string Text = "今天[MASK]很好，我[MASK]去公园玩。";
        JsonElement golden = TinyGau.Parse(File.ReadAllText(Fixtures.Path("tokenizer", "cases.json")))
            .GetProperty("texts").EnumerateArray().Single(c => c.GetProperty("text").GetString() == Text);
        int[] parsed = Ids(golden.GetProperty("hf_ids")), spelled = Ids(golden.GetProperty("bert4keras_ids"));
        Tokenized($"tokenize {Text} --parse-special").Should().Equal(parsed);
        Tokenized($"tokenize {Text}").Should().Equal(spelled);

        JsonElement row = TinyGau.Parse(gau.Run("fill - --format txt", Text).Output);
        row.GetProperty("tokens").GetInt32().Should().Be(parsed.Length);
        row.GetProperty("masks").EnumerateArray().Select(m => m.GetProperty("position").GetInt32()).Should().Equal(
            parsed.Index().Where(token => token.Item == Mask).Select(token => token.Index));
        JsonElement score = TinyGau.Parse(gau.Run("score - --format txt", Text).Output);
        score.GetProperty("tokens").GetInt32().Should().Be(spelled.Length);
    }

    [Theory]
    [InlineData("score -")]
    [InlineData("embed -")]
    public void R7_ParseSpecial_IsNoOptionOfScoreAndEmbed(string command) =>
        gau.Run($"{command} --parse-special", "").Code.Should().Be(2);

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
    public void R8_WordOfOneRepeatedCharacter_TakesLinearTime(string character, int tokens)
    {
        // A quadratic pass over one of them takes seconds, over all of them minutes.
        const int Words = 40;
        string word = string.Concat(Enumerable.Repeat(character, 100_000));
        Stopwatch clock = Stopwatch.StartNew();
        GauRun run = gau.Run("score - --format txt", string.Concat(Enumerable.Repeat(word + "\n", Words)));
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(15));
        TinyGau.Answers(run).Should().HaveCount(Words).And.OnlyContain(a => a.Contains($"\"tokens\":{tokens},"));
    }

    private static int[] Ids(JsonElement ids) => [.. ids.EnumerateArray().Select(id => id.GetInt32())];

    private static float ScoreOf(string answer) => TinyGau.Parse("{" + answer).GetProperty("score").GetSingle();

    private int[] Tokenized(string command) => Ids(TinyGau.Parse(gau.Run(command, "").Output).GetProperty("ids"));
}
