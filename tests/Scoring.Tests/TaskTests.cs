using System.Text;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Scoring.Tests;

public sealed class TaskTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Fill_TwinsInTheVocabulary_ShowEachSurfaceOnce()
    {
        string[] vocabulary = File.ReadAllLines(Fixtures.Path("gau-tiny", "vocab.txt"));
        using GauModel model = LoadedModel.Of(folder, TinyModel.Sequence, (name, w) => CopyTwins(name, w, vocabulary));
        JsonElement row = Run(new FillTask(model, 40), "{\"text\":\"今天[MASK]气a[MASK]\"}");
        JsonElement masks = row.GetProperty("masks");
        masks.GetArrayLength().Should().Be(2);
        masks[0].GetProperty("position").GetInt32().Should().Be(3);
        masks[1].GetProperty("offset").GetInt32().Should().Be(10);
        JsonElement[] tokens = [.. masks[0].GetProperty("tokens").EnumerateArray()];
        tokens.Should().HaveCount(40);
        string[] names = [.. tokens.Select(t => t.GetProperty("token").GetString()!)];
        names.Select(t => t.StartsWith("##", StringComparison.Ordinal) ? t[2..] : t).Should().OnlyHaveUniqueItems();
        names.Where(t => t.StartsWith("##", StringComparison.Ordinal)).Should().NotBeEmpty().And.OnlyContain(
            t => !vocabulary.Contains(t.Substring(2)));
        tokens.Select(t => t.GetProperty("probability").GetSingle()).Should().BeInDescendingOrder();
    }

    [Theory]
    [InlineData("今天", "no [MASK] in the text")]
    [InlineData("今天天天天天天天天天天[MASK]", "no [MASK] in the first 8 tokens of the text")]
    public void Fill_NoMask_IsRejected(string text, string error)
    {
        using GauModel model = LoadedModel.Of(folder, TinyModel.Sequence);
        Run(new FillTask(model, 3), $"{{\"text\":\"{text}\"}}", maxLength: 8).GetProperty("error").GetString().Should()
            .Be(error);
    }

    [Theory]
    [InlineData(Pooling.First)]
    [InlineData(Pooling.Mean)]
    [InlineData(Pooling.Max)]
    public void Embed_CutAndNormalized_HasThatLength(Pooling pooling)
    {
        using GauModel model = LoadedModel.Of(folder, TinyModel.Sequence);
        float[] whole = Vector(Run(new EmbedTask(model, pooling), "{\"text\":\"今天\"}"));
        float[] cut = Vector(Run(new EmbedTask(model, pooling, normalize: true, dimensions: 5), "{\"text\":\"今天\"}"));
        whole.Should().HaveCount(16);
        double length = Math.Sqrt(whole.Take(5).Sum(v => (double)v * v));
        cut.Should().Equal(whole.Take(5).Select(v => (float)(v / length)));
    }

    [Fact]
    public void Embed_MoreDimensionsThanTheModelHas_IsRefused()
    {
        using GauModel model = LoadedModel.Of(folder, TinyModel.Sequence);
        Action make = () => _ = new EmbedTask(model, Pooling.Mean, dimensions: 17);
        make.Should().Throw<ScoringException>().Which.Fault.Should().Be(ScoringFault.Usage);
    }

    [Fact]
    public void Score_MultipleChoice_NamesTheBest()
    {
        using GauModel model = LoadedModel.Of(
            folder, TinyModel.Sequence with { Kind = HeadKind.MultipleChoice, Labels = [] });
        JsonElement row = Run(RecordTask.Score(model), "{\"text\":\"今天\",\"choices\":[\"天气\",\"下雨了\",\"\"]}");
        float[] probabilities = [.. row.GetProperty("probabilities").EnumerateArray().Select(p => p.GetSingle())];
        probabilities.Should().HaveCount(3);
        probabilities.Sum().Should().BeApproximately(1, 1e-6f);
        row.GetProperty("choice").GetInt32().Should().Be(Array.IndexOf(probabilities, probabilities.Max()));
        row.GetProperty("score").GetSingle().Should().Be(probabilities.Max());
        row.GetProperty("tokens").GetInt32().Should().Be(7 + 8 + 5);
    }

    [Theory]
    [InlineData(16, "more tokens than a batch")]
    [InlineData(512, "more choices than a batch has texts")]
    public void Score_ChoicesBeyondABatch_GiveTheSameBits(int batchTokens, string because)
    {
        using GauModel model = LoadedModel.Of(
            folder, TinyModel.Sequence with { Kind = HeadKind.MultipleChoice, Labels = [] });
        string choices = string.Join(',', Enumerable.Range(0, 60).Select(i => $"\"{new string('天', 1 + i % 7)}\""));
        string record = $"{{\"text\":\"今天\",\"choices\":[{choices}]}}";
        string whole = Row(RecordTask.Score(model), record, 1 << 16);
        whole.Should().Contain("\"probabilities\":[");
        Row(RecordTask.Score(model), record, batchTokens).Should().Be(whole, because);
    }

    [Fact]
    public void Score_QuestionAnswering_AnswersOutOfTheContext()
    {
        using GauModel model = LoadedModel.Of(
            folder, TinyModel.Sequence with { Kind = HeadKind.QuestionAnswering, Labels = [] });
        JsonElement row = Run(RecordTask.Score(model), "{\"question\":\"今天\",\"context\":\"😀明天下雨了\"}");
        string answer = row.GetProperty("answer").GetString()!;
        int start = row.GetProperty("start").GetInt32();
        int end = row.GetProperty("end").GetInt32();
        string[] context = [.. "😀明天下雨了".EnumerateRunes().Select(r => r.ToString())];
        answer.Should().NotBeEmpty().And.Be(string.Concat(context[start..end]));
        row.GetProperty("score").GetSingle().Should().BeInRange(0, 1);
        Run(RecordTask.Score(model), "{\"question\":\"今天\",\"context\":\"\"}").GetProperty("answer").ValueKind.Should()
            .Be(JsonValueKind.Null);
    }

    [Fact]
    public void Score_TokenClassification_GivesEntitiesInCodePoints()
    {
        using GauModel model = LoadedModel.Of(
            folder, TinyModel.Sequence with { Kind = HeadKind.TokenClassification, Labels = ["p", "q"] });
        JsonElement[] entities =
            [.. Run(RecordTask.Score(model), "{\"text\":\"😀今天下雨\"}").GetProperty("entities").EnumerateArray()];
        entities.Should().NotBeEmpty();
        string[] text = [.. "😀今天下雨".EnumerateRunes().Select(r => r.ToString())];
        string.Concat(entities.Select(e => e.GetProperty("text").GetString())).Should().Be("😀今天下雨");
        foreach (JsonElement entity in entities)
        {
            entity.GetProperty("text").GetString().Should().Be(
                string.Concat(text[entity.GetProperty("start").GetInt32()..entity.GetProperty("end").GetInt32()]));
        }
    }

    [Fact]
    public void Score_MultiLabel_ListsWhatIsLikely()
    {
        using GauModel model = LoadedModel.Of(
            folder, TinyModel.Sequence with { ProblemType = ProblemType.MultiLabel });
        JsonElement row = Run(RecordTask.Score(model), "{\"text\":\"今天\"}");
        string[] likely = [.. row.GetProperty("probabilities").EnumerateObject().Where(p => p.Value.GetSingle() >= 0.5f).Select(p => p.Name)];
        row.GetProperty("labels").EnumerateArray().Select(l => l.GetString()).Should().Equal(likely);
    }

    [Fact]
    public void Score_Regression_GivesTheValue()
    {
        using GauModel model = LoadedModel.Of(
            folder, TinyModel.Sequence with { ProblemType = ProblemType.Regression, Labels = ["x"] });
        Run(RecordTask.Score(model), "{\"text\":\"今天\"}").GetProperty("value").ValueKind.Should().Be(
            JsonValueKind.Number);
    }

    [Fact]
    public void Score_NoHead_IsRefused()
    {
        using GauModel model = LoadedModel.Of(
            folder, TinyModel.Sequence with { Kind = HeadKind.MaskedLm, Labels = [] });
        Action make = () => RecordTask.Score(model);
        make.Should().Throw<ScoringException>().Which.Fault.Should().Be(ScoringFault.Usage);
    }

    private static void CopyTwins(string name, Span<float> weights, string[] vocabulary)
    {
        if (name != "embeddings.word")
            return;
        int width = weights.Length / vocabulary.Length;
        for (int i = 0; i < vocabulary.Length; i++)
        {
            int twin = Array.IndexOf(vocabulary, "##" + vocabulary[i]);
            if (twin >= 0)
                weights.Slice(i * width, width).CopyTo(weights[(twin * width)..]);
        }
    }

    private static float[] Vector(JsonElement row) =>
        [.. row.GetProperty("embedding").EnumerateArray().Select(v => v.GetSingle())];

    private static JsonElement Run(RecordTask task, string record, int maxLength = 512) => JsonDocument.Parse(
        Row(task, record, ScoringOptions.DefaultBatchTokens, maxLength)).RootElement;

    private static string Row(RecordTask task, string record, int batchTokens, int maxLength = 512)
    {
        using MemoryStream output = new();
        using RecordSource source = new([RecordReaderTests.Input(record, RecordFormat.JsonLines)], task.DefaultFields);
        ScoringOptions options = new() { Threads = 1, BatchTokens = batchTokens, MaxLength = maxLength };
        new ScoringRun(task, source, options, RecordFormat.JsonLines).Write(output, null, CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
