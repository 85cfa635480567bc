using System.Text.Json;
using FluentAssertions;
using GauRuntime.Heads;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>R2: a text with nothing in it is a text.</summary>
public sealed class EmptyTextTests(TinyGau gau) : IClassFixture<TinyGau>
{
    private const string Flags = "\"tokens\":2,\"truncated\":false,\"empty\":true}";

    [Theory]
    [InlineData("jsonl", "")]
    [InlineData("jsonl", "   ")]
    [InlineData("jsonl", "\u3000\u3000")]
    [InlineData("jsonl", "\\u0000\\u0001\\t\\n\u200B\u007F")]
    [InlineData("csv", "")]
    [InlineData("csv", "   ")]
    [InlineData("csv", "\"\"")]
    [InlineData("csv", "\u3000")]
    [InlineData("csv", "\u0001\u007F")]
    [InlineData("tsv", " ")]
    [InlineData("tsv", "\u0085")]
    [InlineData("txt", "")]
    [InlineData("txt", "   ")]
    [InlineData("txt", "\u3000\u3000")]
    [InlineData("txt", "\0\u0001\t\u200B\u007F")]
    public void R2_NothingInTheText_IsScoredAsClsAndSepAndFlagged(string format, string text)
    {
        GauRun run = gau.Run($"score - --format {format}", RecordBytes.File(format, "今天", text, "天气"));
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().StartWith("gau: 3 records (0 rejected, 0 truncated), 10 tokens ");
        string[] answers = TinyGau.Answers(run);
        answers[1].Should().EndWith(Flags);
        ScoreOf(answers[1]).Should().Be(ScoreOfClsAndSep());
        GauRun neighbours = gau.Run($"score - --format {format}", RecordBytes.File(format, "今天", "天气"));
        TinyGau.Answers(neighbours).Should().Equal(answers[0], answers[2]);
    }

    [Fact]
    public void R2_NothingInTheText_HasAVectorAndAColumn()
    {
        GauRun run = gau.Run("embed -", "{\"text\":\"\"}\n{\"text\":\" \\u3000\"}\n{\"text\":\"今\"}");
        string[] answers = TinyGau.Answers(run);
        answers[0].Should().EndWith(Flags).And.Be(answers[1]);
        answers[2].Should().NotContain("empty");
        string[] rows = gau.Run("embed - --output-format csv", "{\"text\":\"\"}\n{\"text\":\"今\"}").Lines;
        rows.Select(row => row[(row.IndexOf("\",", StringComparison.Ordinal) + 1)..]).Should().Equal(
            "id,embedding,tokens,truncated,empty,error", ",2,false,true,", ",3,false,false,");
    }

    [Theory]
    [InlineData("", "", 3, true)]
    [InlineData(" ", "\u3000", 3, true)]
    [InlineData("今", "", 4, false)]
    [InlineData("", "今", 4, false)]
    public void R2_Pair_IsEmptyWhereBothTextsAre(string first, string second, int tokens, bool empty)
    {
        JsonElement row = TinyGau.Parse(
            gau.Run("score - --text a --pair b", JsonSerializer.Serialize(new { a = first, b = second })).Output);
        row.GetProperty("tokens").GetInt32().Should().Be(tokens);
        row.TryGetProperty("empty", out _).Should().Be(empty);
    }

    private static float ScoreOf(string answer) => TinyGau.Parse("{" + answer).GetProperty("score").GetSingle();

    private float ScoreOfClsAndSep()
    {
        using GauModel model = GauModel.Load(gau.Model);
        using GauWorkspace workspace = new(model);
        GauBatch batch = new();
        batch.Add([model.Tokenizer.ClsId, model.Tokenizer.SepId]);
        GauEncoder.Forward(model, batch, workspace);
        float[] probabilities = new float[model.Head.OutputCount];
        ClassifierHead.SequenceLogits(model, workspace, batch, 0, probabilities);
        Probabilities.Softmax(probabilities);
        return probabilities.Max();
    }
}
