using System.Text;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Scoring.Tests;

/// <summary>The library's classes for heads beside the rows of scoring: the same answers, to the last bit.</summary>
public sealed class LibraryAnswerTests : IDisposable
{
    private static readonly string[] Texts =
        ["😀今天下雨", "天气很好", "", "今天", new string('天', 40) + "😀雨", "a 明天[MASK]。"];

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public async Task TokenClassifier_TextsAndPairs_GivesTheEntitiesOfScore(Architecture architecture)
    {
        using GauModel model = Load(architecture, HeadKind.TokenClassification, "O", "B-x", "I-x", "S-y", "p");
        GauTokenClassifier classifier = new(model, maxTokens: 24);
        classifier.Labels.Should().Equal("x", "y", "p");
        (string, string)[] pairs = [.. Texts.Zip(Enumerable.Reverse(Texts))];
        string[] expected = [.. Rows(model, Texts.Select(text => new { text })).Select(Entities)];
        string[] ofPairs =
            [.. Rows(model, pairs.Select(p => new { text = p.Item1, pair = p.Item2 }), "pair").Select(Entities)];
        expected.Should().Contain(row => row.Contains(" x ") || row.Contains(" y "));
        ofPairs.Should().Contain(row => row.Contains("True"));

        classifier.Classify(Texts, cancel: Cancel).Select((a, i) => Shown(a, Texts[i], null)).Should().Equal(expected);
        Texts.Select(text => Shown(classifier.Classify(text), text, null)).Should().Equal(expected);
        classifier.Classify(pairs, cancel: Cancel).Select((a, i) => Shown(a, pairs[i].Item1, pairs[i].Item2))
            .Should().Equal(ofPairs);
        List<TokenClassification> stream = [];
        await foreach (TokenClassification answer in classifier.ClassifyAsync(Texts.ToAsyncEnumerable(), Cancel))
            stream.Add(answer);
        stream.Select((a, i) => Shown(a, Texts[i], null)).Should().Equal(expected);

        string most = Texts.MaxBy(text => classifier.Classify(text).Entities.Count)!;
        TokenClassification all = classifier.Classify(most);
        TextEntity[] few = new TextEntity[1];
        int count = classifier.Classify(most, few, out TextInfo info);
        (count, info, few[0]).Should().Be((all.Entities.Count, all.Text, all.Entities[0]));
        count.Should().BeGreaterThan(few.Length);
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public async Task MultipleChoice_TextsWithChoices_GivesTheProbabilitiesOfScore(Architecture architecture)
    {
        using GauModel model = Load(architecture, HeadKind.MultipleChoice);
        GauMultipleChoice chooser = new(model, maxTokens: 24);
        (string? Text, IReadOnlyList<string> Choices)[] questions =
            [("今天", Texts), ("今天", ["天气", "下雨了"]), (Texts[4], ["", "雨"]), ("", ["天"])];
        string[] expected =
            [.. Rows(model, questions.Select(q => new { text = q.Text, choices = q.Choices })).Select(Probabilities)];
        chooser.Choose(questions, cancel: Cancel).Select(Probabilities).Should().Equal(expected);
        questions.Select(q => Probabilities(chooser.Choose(q.Text, q.Choices))).Should().Equal(expected);
        List<ChosenText> stream = [];
        await foreach (ChosenText answer in chooser.ChooseAsync(questions.ToAsyncEnumerable(), Cancel))
            stream.Add(answer);
        stream.Select(Probabilities).Should().Equal(expected);

        string alone = Probabilities(Rows(model, [new { choices = Texts }]).Single());
        Probabilities(chooser.Choose(null, Texts)).Should().Be(alone).And.NotBe(expected[0]);
        ChosenText chosen = chooser.Choose("今天", Texts);
        float[] probabilities = new float[Texts.Length];
        chooser.Choose("今天", Texts, probabilities).Should().Be(chosen.Text);
        probabilities.Should().Equal(chosen.Probabilities.ToArray());
        chosen.Score.Should().Be(probabilities.Max()).And.Be(probabilities[chosen.Choice]);
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public async Task QuestionAnswering_Contexts_GivesTheAnswersOfScore(Architecture architecture)
    {
        using GauModel model = Load(architecture, HeadKind.QuestionAnswering);
        GauQuestionAnswering answering = new(model, maxTokens: 24);
        (string Question, string Context)[] questions = [.. Texts.Select(text => ("今天", text)), (Texts[4], "天")];
        string[] expected =
            [.. Rows(model, questions.Select(q => new { question = q.Question, context = q.Context })).Select(Span)];
        expected.Should().Contain(row => row.StartsWith("none", StringComparison.Ordinal));
        answering.Answer(questions, cancel: Cancel).Select((a, i) => Span(a, questions[i].Context))
            .Should().Equal(expected);
        questions.Select(q => Span(answering.Answer(q.Question, q.Context), q.Context)).Should().Equal(expected);
        questions.Select(q => Span(answering.Answer(q.Question.AsSpan(), q.Context), q.Context))
            .Should().Equal(expected);
        List<TextAnswer> stream = [];
        await foreach (TextAnswer answer in answering.AnswerAsync(questions.ToAsyncEnumerable(), Cancel))
            stream.Add(answer);
        stream.Select((a, i) => Span(a, questions[i].Context)).Should().Equal(expected);
    }

    private GauModel Load(Architecture architecture, HeadKind kind, params string[] labels) => LoadedModel.Of(
        folder, TinyModel.HeadOf(architecture, kind) with { Labels = labels }, architecture: architecture);

    private static JsonElement[] Rows(GauModel model, IEnumerable<object> records, string? pair = null)
    {
        RecordTask task = RecordTask.Score(model);
        RecordFields fields = pair is null ? task.DefaultFields : task.DefaultFields with { Pair = pair };
        string input = string.Concat(records.Select(record => JsonSerializer.Serialize(record) + "\n"));
        using MemoryStream output = new();
        using RecordSource source = new([RecordReaderTests.Input(input, RecordFormat.JsonLines)], fields);
        new ScoringRun(task, source, new ScoringOptions { Threads = 2, MaxLength = 24 }, RecordFormat.JsonLines)
            .Write(output, null, CancellationToken.None);
        return
        [
            .. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];
    }

    private static string Entities(JsonElement row) => string.Join("; ", row.GetProperty("entities")
        .EnumerateArray().Select(e => $"{e.GetProperty("start")}-{e.GetProperty("end")} {e.GetProperty("label")} "
        + $"{e.GetProperty("text")} {e.TryGetProperty("pair", out _)} "
        + Bits(e.GetProperty("score").GetSingle()))) + Info(row);

    private static string Shown(TokenClassification answer, string text, string? pair) =>
        string.Join("; ", answer.Entities.Select(e =>
        {
            string own = e.InPair ? pair! : text;
            CodePointOffsets offsets = new(own);
            return $"{offsets.At(e.Start)}-{offsets.At(e.End)} {e.Label} {own[e.Start..e.End]} "
                + $"{e.InPair} {Bits(e.Score)}";
        })) + Info(answer.Text);

    private static string Probabilities(JsonElement row) =>
        row.GetProperty("choice") + " " + string.Join(' ', row.GetProperty("probabilities").EnumerateArray()
            .Select(p => Bits(p.GetSingle()))) + Info(row);

    private static string Probabilities(ChosenText answer) =>
        answer.Choice + " " + string.Join(' ', answer.Probabilities.ToArray().Select(Bits)) + Info(answer.Text);

    private static string Span(JsonElement row) => (row.GetProperty("answer").GetString() is { } answer
        ? $"{answer} {row.GetProperty("start")}-{row.GetProperty("end")} {Bits(row.GetProperty("score").GetSingle())}"
        : "none") + Info(row);

    private static string Span(TextAnswer answer, string context)
    {
        CodePointOffsets offsets = new(context);
        return (answer.Found
            ? $"{context[answer.Start..answer.End]} {offsets.At(answer.Start)}-{offsets.At(answer.End)} "
                + Bits(answer.Score)
            : "none") + Info(answer.Text);
    }

    private static string Info(JsonElement row) => Info(new TextInfo(
        row.GetProperty("tokens").GetInt32(), row.GetProperty("truncated").GetBoolean(),
        row.TryGetProperty("empty", out _)));

    private static string Info(TextInfo text) => $" | {text.Tokens} {text.Truncated} {text.IsEmpty}";

    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);
}
