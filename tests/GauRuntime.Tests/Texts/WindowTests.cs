using FluentAssertions;
using GauRuntime.Heads;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Texts;

/// <summary>
/// Long texts in windows. The windows of <see cref="Long"/>, 10 tokens each and so 8 of the text, 4 apart, are worked
/// out by hand; what they give is compared with the same pieces by themselves.
/// </summary>
public sealed class WindowTests : IDisposable
{
    private const string Long = "今天好。我们去。公园大。下雨了。";

    private static readonly string[] Pieces = ["今天好。我们去。", "我们去。公园大。", "公园大。下雨了。"];

    private static readonly WindowOptions Windows = new() { Tokens = 10, Stride = 4 };

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Classify_LongText_IsTheMeanOfItsWindows(Architecture architecture)
    {
        using GauModel model = Tiny(TinyModel.HeadOf(architecture, HeadKind.SequenceClassification), architecture);
        GauClassifier plain = new(model);
        float[][] pieces = [.. Pieces.Select(piece => plain.Classify(piece).Values.ToArray())];
        Classification answer = new GauClassifier(model, Windows).Classify(Long);
        answer.Values.ToArray().Should().Equal(
            Enumerable.Range(0, 3).Select(i => (float)(pieces.Select(p => (double)p[i]).Sum() / 3)));
        answer.Text.Should().Be(new TextInfo(30, Truncated: false, IsEmpty: false) { Windows = 3 });
    }

    [Fact]
    public void Classify_Max_KeepsTheGreatestAndStaysADistribution()
    {
        using GauModel one = Tiny(TinyModel.Sequence);
        Check(one, divides: true);
        using GauModel several = Tiny(TinyModel.Sequence with { ProblemType = ProblemType.MultiLabel });
        Check(several, divides: false);

        void Check(GauModel model, bool divides)
        {
            GauClassifier plain = new(model);
            float[][] pieces = [.. Pieces.Select(piece => plain.Classify(piece).Values.ToArray())];
            float[] greatest = [.. Enumerable.Range(0, 3).Select(i => pieces.Max(p => p[i]))];
            double sum = greatest.Sum(v => (double)v);
            float[] answer = new GauClassifier(model, Windows with { Aggregate = WindowAggregate.Max }).Classify(Long)
                .Values.ToArray();
            answer.Should().Equal(divides ? greatest.Select(v => (float)(v / sum)) : greatest);
        }
    }

    [Theory]
    [InlineData(WindowAggregate.Mean)]
    [InlineData(WindowAggregate.Max)]
    public void Embed_LongText_IsAggregatedAndThenScaled(WindowAggregate how)
    {
        using GauModel model = Tiny(TinyModel.Sequence);
        EmbedderOptions options = new() { Normalize = true, Dimensions = 5, Prefix = "我：" };
        GauEmbedder plain = new(model, options);
        // The prefix takes 2 of 10 tokens, so that the stride of 4 becomes 3, and 6 are left for the text.
        string[] pieces = ["今天好。", "。我们去。", "去。公园大。", "公园大。下雨", "。下雨了。"];
        GauEmbedder embedder = new(model, options with { Windows = Windows with { Aggregate = how } });
        float[][] vectors = [.. pieces.Select(piece => plain.Embed(piece).Vector.ToArray())];
        float[] expected =
        [
            .. Enumerable.Range(0, 5).Select(i => (float)(how == WindowAggregate.Mean
                ? vectors.Select(v => (double)v[i]).Aggregate((sum, next) => sum + next) / vectors.Length
                : vectors.Max(v => v[i]))),
        ];
        Pooler.Normalize(expected);
        TextEmbedding answer = embedder.Embed(Long);
        answer.Text.Windows.Should().Be(pieces.Length);
        answer.Vector.ToArray().Should().Equal(expected);
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Answers_TextsOfOneWindow_HaveTheBitsOfTextsWithoutWindows(Architecture architecture)
    {
        WindowOptions windows = new() { Tokens = 24 };
        string[] texts = ["😀今天下雨", "", "今天", "hello 明天[MASK]。"];
        using GauModel labels = Tiny(TinyModel.HeadOf(architecture, HeadKind.SequenceClassification), architecture);
        using GauModel entities = Tiny(TinyModel.HeadOf(architecture, HeadKind.TokenClassification), architecture);
        using GauModel answers = Tiny(TinyModel.HeadOf(architecture, HeadKind.QuestionAnswering), architecture);
        foreach (string text in texts)
        {
            new GauClassifier(labels, windows).Classify(text, "今").Values.ToArray().Should().Equal(
                new GauClassifier(labels).Classify(text, "今").Values.ToArray());
            new GauEmbedder(labels, new EmbedderOptions { Windows = windows }).Embed(text).Vector.ToArray().Should()
                .Equal(new GauEmbedder(labels).Embed(text).Vector.ToArray());
            Entities(new GauTokenClassifier(entities, windows).Classify(text, "天气")).Should().Be(
                Entities(new GauTokenClassifier(entities).Classify(text, "天气")));
            new GauQuestionAnswering(answers, windows).Answer("今", text).Should().Be(
                new GauQuestionAnswering(answers).Answer("今", text));
        }
    }

    [Fact]
    public void Entities_LongText_HaveTheLabelOfTheWindowWhereTheyAreFarthestFromTheEdge()
    {
        // With these labels every token is an entity of its own.
        using GauModel model = Tiny(TinyModel.Sequence with
        {
            Kind = HeadKind.TokenClassification, Labels = ["S-p", "S-q", "S-r"],
        });
        GauTokenClassifier plain = new(model);
        string text = "😀天好。我们去。公园大。下雨了。";
        string[] pieces = ["😀天好。我们去。", "我们去。公园大。", "公园大。下雨了。"];
        TextEntity[][] own = [.. pieces.Select(piece => plain.Classify(piece).Entities.ToArray())];
        // Windows have characters 0–7, 4–11, 8–15: they share 4–7 and 8–11, whose middles are between 5 and 6, 9 and 10.
        TextEntity[] expected =
        [
            .. own[0][..6],
            .. own[1][2..6].Select(e => e with { Start = e.Start + 5, End = e.End + 5 }),
            .. own[2][2..].Select(e => e with { Start = e.Start + 9, End = e.End + 9 }),
        ];
        expected.Select(e => text[e.Start..e.End]).Should().Equal(text.EnumerateRunes().Select(rune => rune.ToString()));
        TokenClassification answer = new GauTokenClassifier(model, Windows).Classify(text);
        answer.Entities.Should().Equal(expected);
        answer.Text.Windows.Should().Be(3);
        TokenClassification pair = new GauTokenClassifier(model, Windows with { Tokens = 13 }).Classify("玩吧", Long);
        pair.Entities.Select(e => (e.InPair ? Long : "玩吧")[e.Start..e.End]).Should().Equal(
            ("玩吧" + Long).Select(c => c.ToString()), "the first text is in every window, and counts once");
    }

    [Fact]
    public void Answer_LongContext_IsTheBestOfAllPlacesWithItsTrueOffset()
    {
        using GauModel model = Tiny(TinyModel.Sequence with { Kind = HeadKind.QuestionAnswering, Labels = [] });
        // Room for 8 beside a question of 2 tokens and 3 special ones; the stride of 5 · 8 / 11 is 3.
        WindowOptions windows = new() { Tokens = 13, Stride = 5 };
        GauQuestionAnswering answering = new(model, windows), plain = new(model);
        string[] contexts = [Long, new string('今', 30) + "。" + new string('天', 30), string.Concat(Enumerable.Repeat(Long, 3))];
        foreach (string context in contexts)
        {
            TextAnswer answer = answering.Answer("玩吧", context);
            answer.Found.Should().BeTrue();
            answer.Text.Windows.Should().BeGreaterThan(1);
            answer.Text.Truncated.Should().BeFalse();
            answer.Start.Should().BeInRange(0, context.Length - 1);
            answer.End.Should().BeInRange(answer.Start + 1, context.Length);
            answer.Score.Should().BeInRange(0, 1);
            answering.Answer("玩吧", context).Should().Be(answer);
        }
        answering.Answer("玩吧", "").Found.Should().BeFalse();
        plain.Answer("玩吧", Long).Text.Windows.Should().Be(1);
    }

    [Fact]
    public void Answer_LongContext_ChoosesAmongTheNumbersOfWindowsAsOfOneContext()
    {
        // The end is always the same number everywhere, the start too: the first token is the best of equals.
        using GauModel model = Tiny(
            TinyModel.Sequence with { Kind = HeadKind.QuestionAnswering, Labels = [] },
            (name, weights) =>
            {
                if (name.StartsWith("head", StringComparison.Ordinal))
                    weights.Clear();
            });
        TextAnswer answer = new GauQuestionAnswering(model, new WindowOptions { Tokens = 13, Stride = 5 }).Answer(
            "玩吧", Long);
        (answer.Start, answer.End).Should().Be((0, 1));
        answer.Score.Should().Be(1 / 16f * (1 / 16f), "each of the 16 characters counts once, whatever windows it is in");
    }

    [Fact]
    public void Many_LongAndShortTexts_AreThoseOfEachAlone()
    {
        using GauModel model = Tiny(TinyModel.Sequence);
        GauClassifier classifier = new(model, Windows);
        string[] texts = [Long, "今", string.Concat(Enumerable.Repeat(Long, 200)), "", Long + Long];
        string[] alone = [.. texts.Select(text => Shown(classifier.Classify(text)))];
        classifier.Classify(texts, cancel: Cancel).Select(Shown).Should().Equal(alone);
        classifier.Classify(texts, cancel: Cancel)[2].Text.Windows.Should().BeGreaterThan(500);
    }

    [Fact]
    public void Text_OfMoreWindowsThanAllowed_HasNoAnswerAndTakesNoMemory()
    {
        using GauModel model = Tiny(TinyModel.Sequence);
        GauClassifier classifier = new(model, new WindowOptions { Tokens = 4096, Stride = 1 });
        FluentActions.Invoking(() => classifier.Classify(new string('天', 4096 + 256))).Should()
            .Throw<GauTextException>().WithMessage(
                "the text has more than 128 windows of 4096 tokens, and so many are allowed");
        FluentActions.Invoking(() => new GauClassifier(model, Windows).Classify("今天天气很好我们去", Long)).Should()
            .Throw<GauTextException>().WithMessage(
                "what stands in front of the text has 12 tokens, and a window of 10 has no room beside them");
    }

    [Fact]
    public void Windows_ThatMakeNoSense_AreRefused()
    {
        using GauModel model = Tiny(TinyModel.Sequence);
        using GauModel entities = Tiny(TinyModel.Sequence with { Kind = HeadKind.TokenClassification });
        Refuse(() => new GauClassifier(model, Windows with { Tokens = 7 }), "windows of 7 tokens: they have 8 to*");
        Refuse(() => new GauClassifier(model, Windows with { Stride = 9 }), "a stride of 9:*room for 8*");
        Refuse(() => new GauClassifier(model, Windows with { Stride = 0 }), "a stride of 0:*");
        Refuse(() => new GauClassifier(model, Windows with { Aggregate = (WindowAggregate)7 }), "*no aggregate 7");
        Refuse(
            () => new GauTokenClassifier(entities, Windows with { Aggregate = WindowAggregate.Max }),
            "entities and answers are not aggregated*");
        Refuse(
            () => new GauEmbedder(model, new EmbedderOptions { MaxTokens = 64, Windows = Windows }),
            "a length and windows*");
        string bert = folder.Path("bert.safetensors");
        TinyModel.Write(bert, TinyModel.Sequence, positions: 64);
        using GauModel positions = GauModel.Load(bert);
        Refuse(() => new GauClassifier(positions, new WindowOptions { Tokens = 65 }), "*has learned 64 positions*");

        static void Refuse(Func<object> make, string message) =>
            make.Should().Throw<ArgumentException>().WithMessage(message);
    }

    [Fact]
    public void Calls_IntoSpans_AllocateNothingOnceWarm()
    {
        using GauModel labels = Tiny(TinyModel.Sequence);
        using GauModel entities = Tiny(TinyModel.Sequence with { Kind = HeadKind.TokenClassification });
        using GauModel answers = Tiny(TinyModel.Sequence with { Kind = HeadKind.QuestionAnswering, Labels = [] });
        GauClassifier classifier = new(labels, Windows);
        GauEmbedder embedder = new(labels, new EmbedderOptions { Windows = Windows });
        GauTokenClassifier tokens = new(entities, Windows);
        GauQuestionAnswering answering = new(answers, Windows);
        float[] probabilities = new float[3], vector = new float[16];
        TextEntity[] found = new TextEntity[64];
        string text = string.Concat(Enumerable.Repeat(Long, 150));   // more than are computed at once
        Allocation.Least(0, () =>
        {
            classifier.Classify(text, probabilities);
            embedder.Embed(Long, vector);
            tokens.Classify(Long, found, out _);
            answering.Answer("玩".AsSpan(), Long);
        }).Should().Be(0);
    }

    private static string Shown(Classification answer) =>
        $"{string.Join(' ', answer.Values.ToArray().Select(BitConverter.SingleToInt32Bits))} {answer.Text}";

    private static string Entities(TokenClassification answer) => string.Join(' ', answer.Entities) + answer.Text;

    private GauModel Tiny(
        HeadConfig head, Action<string, Span<float>>? change = null) => Tiny(head, Architecture.GauAlpha, change);

    private GauModel Tiny(HeadConfig head, Architecture architecture, Action<string, Span<float>>? change = null)
    {
        string path = folder.Path($"{Guid.NewGuid():N}.safetensors");
        TinyModel.Write(path, head, change, architecture: architecture);
        return GauModel.Load(path);
    }
}
