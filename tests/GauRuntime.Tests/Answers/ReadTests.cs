using FluentAssertions;
using GauRuntime.Answers;
using GauRuntime.Heads;
using GauRuntime.Threads;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Answers;

/// <summary>What a head reads of the last hidden states is computed, and gives the answers of a whole pass.</summary>
public sealed class ReadTests : IDisposable
{
    private static readonly (string Text, string Pair)[] Texts =
    [
        ("天气很好，今天[MASK]们去公园散步", "天气"), ("很", "好"), ("今天的天气怎么样，明天的天气又怎么样", "今天天气很好[MASK]"),
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Fill_HeadsThatReadFewTokens_GiveTheAnswersOfAWholePass(Architecture architecture)
    {
        foreach (HeadKind kind in Enum.GetValues<HeadKind>())
        {
            using GauModel model = Load(architecture, TinyModel.HeadOf(architecture, kind));
            AnswerHead head = AnswerHead.Of(model) ?? new MaskHead(model, top: 3);
            ShouldBeTheSame(head, few: kind != HeadKind.TokenClassification);
        }
        using GauModel cross = Load(architecture, TinyModel.CrossEncoderOf(architecture));
        ShouldBeTheSame(new ScoreHead(cross, raw: true), few: true);
    }

    [Theory]
    [InlineData(Pooling.First, true)]
    [InlineData(Pooling.Last, true)]
    [InlineData(Pooling.Mean, false)]
    [InlineData(Pooling.Max, false)]
    [InlineData(Pooling.MeanSqrtLenTokens, false)]
    [InlineData(Pooling.WeightedMean, false)]
    public void Fill_Poolings_ReadWhatTheyPool(Pooling pooling, bool few)
    {
        using GauModel model = Load(Architecture.GauAlpha, TinyModel.NoHead);
        ShouldBeTheSame(new VectorHead(model, new EmbedderOptions { Pooling = pooling }), few);
        ShouldBeTheSame(new VectorHead(model, new EmbedderOptions { Pooling = pooling, Prefix = "为：" }), few);
        if (pooling > Pooling.Max)
            return;   // no head pools so
        using GauModel classifier = Load(Architecture.GauAlpha, TinyModel.Sequence with { Pooling = pooling });
        ShouldBeTheSame(new LabelHead(classifier), few);
    }

    [Fact]
    public void Fill_Windows_ReadOfEachWhatTheHeadReads()
    {
        WindowOptions windows = new() { Tokens = 24 };
        foreach (HeadKind kind in (HeadKind[])
            [HeadKind.SequenceClassification, HeadKind.TokenClassification, HeadKind.QuestionAnswering])
        {
            using GauModel model = Load(Architecture.GauAlpha, TinyModel.HeadOf(Architecture.GauAlpha, kind));
            ShouldBeTheSame(AnswerHead.Of(model, windows)!, few: kind != HeadKind.TokenClassification);
        }
        using GauModel plain = Load(Architecture.GauAlpha, TinyModel.NoHead);
        EmbedderOptions options = new() { Pooling = Pooling.First, Prefix = "为：", Windows = windows };
        ShouldBeTheSame(new VectorHead(plain, options), few: true);
    }

    [Fact]
    public void Fill_Prompt_ReadsItsMasks()
    {
        using GauModel model = Load(Architecture.GauAlpha, TinyModel.NoHead);
        ShouldBeTheSame(
            new PromptHead(model, "[MASK]天：{text}[MASK]", [new("x", ["天气", "语言"]), new("y", ["下雨"])]), few: true);
    }

    [Theory]
    [InlineData(new[] { Pooling.First, Pooling.Last }, 0, 5, new[] { 20, 24 })]
    [InlineData(new[] { Pooling.Last, Pooling.First }, 3, 5, new[] { 23, 24 })]
    [InlineData(new[] { Pooling.First, Pooling.Last }, 9, 5, new[] { 24 })]
    [InlineData(new[] { Pooling.First, Pooling.First }, 9, 5, new[] { 24 })]
    [InlineData(new[] { Pooling.Last }, 0, 1, new[] { 20 })]
    public void TryAddRead_FirstAndLast_AreAddedOnceInTheirOrder(
        Pooling[] poolings, int leftOut, int length, int[] expected)
    {
        List<int> tokens = [];
        Pooler.TryAddRead(poolings, 20, length, leftOut, tokens).Should().BeTrue();
        tokens.Should().Equal(expected);
        Pooler.TryAddRead([.. poolings, Pooling.Mean], 20, length, leftOut, tokens).Should().BeFalse();
        tokens.Should().Equal(expected);
    }

    private GauModel Load(Architecture architecture, HeadConfig head)
    {
        string path = folder.Path($"{Guid.NewGuid()}.safetensors");
        TinyModel.Write(path, head, architecture: architecture);
        return GauModel.Load(path);
    }

    private static void ShouldBeTheSame(AnswerHead head, bool few)
    {
        AnswerBatch batch = new(keepsPlaces: true);
        EncodedTexts input = new();
        foreach ((string text, string pair) in Texts)
        {
            input.Clear();
            if (head.TakesPairs)
                head.Encode(text, pair, 60, input, parsesSpecial: true);
            else
                head.Encode(text, 60, input);
            if (head is ChoiceHead)
                head.Encode(pair, text, 60, input, parsesSpecial: true);
            input.Fault.Should().BeNull();
            batch.Add(input);
        }
        if (head.Windows is not null)
            batch.Tokens.Count.Should().BeGreaterThan(Texts.Length, "a text has several windows");
        using WorkerPool pool = new(2);
        using GauWorkspace whole = new(head.Model), alone = new(head.Model), each = new(head.Model),
            together = new(head.Model, pool);
        AnswerPass pass = new();
        pass.Compute(head, batch, whole, _ => { });
        whole.Last.AreFew.Should().BeFalse();
        string[] expected = Filled(head, pass);
        foreach (GauWorkspace workspace in (GauWorkspace[])[alone, together])
        {
            pass.Compute(head, batch, workspace);
            workspace.Last.AreFew.Should().Be(few, head.GetType().Name);
            Filled(head, pass).Should().Equal(expected);
        }
        foreach (int most in (int[])[1, 40])   // tokens: each sequence alone, and a few together
        {
            pass.ComputeSome(head, batch, _ => each, most, most);
            Filled(head, pass).Should().Equal(expected);
            each.Last.AreFew.Should().Be(few, head.GetType().Name);
        }
    }

    private static string[] Filled(AnswerHead head, AnswerPass pass)
    {
        Answer answer = head.NewAnswer();
        return [.. Enumerable.Range(0, pass.Batch.Count).Select(input =>
        {
            head.Fill(pass, input, answer);
            answer.Error.Should().BeNull();
            return Shown(answer);
        })];
    }

    private static string Shown(Answer answer) => answer switch
    {
        NumbersAnswer numbers => string.Join(' ', numbers.Numbers.Select(Bits)),
        ScoreAnswer score => Bits(score.Score),
        SpanAnswer span => $"{span.Found} {span.Start} {span.End} {Bits(span.Score)}",
        EntityAnswer entities => string.Join(' ', entities.Entities.Select(entity => $"{entity} {Bits(entity.Score)}")),
        MaskAnswer masks => Shown(masks),
        _ => throw new ArgumentException($"{answer.GetType().Name} is not compared", nameof(answer)),
    };

    private static string Shown(MaskAnswer answer)
    {
        List<string> shown = [];
        for (int mask = 0; mask < answer.Masks.Length; mask++)
            foreach (RankedToken token in answer.Tokens(mask))
                shown.Add($"{answer.Masks[mask]} {token.Id} {Bits(token.Probability)}");
        return string.Join(' ', shown);
    }

    private static string Bits(float value) => $"{BitConverter.SingleToInt32Bits(value):x8}";
}
