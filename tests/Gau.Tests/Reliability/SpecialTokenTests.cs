using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>R7: a special token written in a text is one for <c>fill</c>, and for <c>tokenize</c> if asked.</summary>
public sealed class SpecialTokenTests(TinyGau gau) : IClassFixture<TinyGau>
{
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

    private static int[] Ids(JsonElement ids) => [.. ids.EnumerateArray().Select(id => id.GetInt32())];

    private int[] Tokenized(string command) => Ids(TinyGau.Parse(gau.Run(command, "").Output).GetProperty("ids"));
}
