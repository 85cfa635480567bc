using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Texts;

/// <summary>What a cross-encoder says of pairs, and in which order candidates come.</summary>
public sealed class RerankerTests : IDisposable
{
    private static readonly string[] Candidates =
        ["明天下雨了", "天气很好", "", "我们去公园玩吧", "天气很好", "hello"];

    private readonly TemporaryFolder folder = new();
    private int models;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Rerank_Candidates_ComeBestFirstAndEqualOnesInTheirOrder()
    {
        using GauModel model = CrossEncoder();
        GauReranker reranker = new(model);
        IReadOnlyList<RankedText> ranked = reranker.Rerank("今天天气很好", Candidates);
        ranked.Select(r => r.Index).Should().BeEquivalentTo(Enumerable.Range(0, Candidates.Length));
        ranked.Select(r => r.Score).Should().BeInDescendingOrder().And.OnlyContain(score => score >= 0 && score <= 1);
        ranked.Select(r => r.Index).Where(i => i is 1 or 4).Should().Equal(1, 4);
        foreach (RankedText one in ranked)
            new PairScore(one.Score, one.Text).Should().Be(reranker.Score("今天天气很好", Candidates[one.Index]));
        reranker.Rerank("今天天气很好", Candidates, top: 2).Should().Equal(ranked.Take(2));
        reranker.Rerank("今天天气很好", Candidates, top: 99).Should().Equal(ranked);
        reranker.Rerank("今天天气很好", []).Should().BeEmpty();
    }

    [Fact]
    public void Rerank_ScoresThatAreRoundedToOne_ComeInTheOrderOfTheirLogits()
    {
        using GauModel model = CrossEncoder(change: (name, weights) =>
        {
            if (name == "head.out")
            {
                foreach (ref float weight in weights)
                    weight *= 1e5f;
            }
        });
        IReadOnlyList<RankedText> ranked = new GauReranker(model).Rerank("今天天气很好", Candidates);
        ranked.Select(r => r.Score).Distinct().Should().HaveCountLessThan(4, "a sigmoid of floats tells few of them apart");
        ranked.Select(r => r.Index).Should().Equal(
            new GauReranker(model, rawLogits: true).Rerank("今天天气很好", Candidates).Select(r => r.Index));
        ranked.Select(r => r.Index).Should().NotBeInAscendingOrder();
    }

    [Fact]
    public void Score_Pair_IsTheSigmoidOfTheClassifiersLogit()
    {
        using GauModel model = CrossEncoder();
        float logit = new GauClassifier(model).Classify("今天", "天气").Score;   // a regression: its value
        new GauReranker(model, rawLogits: true).Score("今天", "天气").Score.Should().Be(logit);
        new GauReranker(model).Score("今天", "天气").Score.Should().Be((float)(1 / (1 + Math.Exp(-(double)logit))));
    }

    [Theory]
    [InlineData(Activation.Identity)]
    [InlineData(Activation.Sigmoid)]
    public void Score_ActivationOfTheModelFile_IsTaken(Activation activation)
    {
        using GauModel model = CrossEncoder(head => head with { ScoreActivation = activation });
        float raw = new GauReranker(model, rawLogits: true).Score("今天", "天气").Score;
        float score = new GauReranker(model).Score("今天", "天气").Score;
        if (activation == Activation.Identity)
            score.Should().Be(raw);
        else
            score.Should().BeInRange(0, 1).And.NotBe(raw);
        model.Head.ScoreActivation.Should().Be(activation);
    }

    [Fact]
    public void Score_ManyPairs_GivesEachTheBitsItHasAlone()
    {
        using GauModel model = CrossEncoder();
        GauReranker reranker = new(model);
        (string, string)[] pairs = [.. Candidates.SelectMany(a => Candidates, (a, b) => (a, b))];
        IReadOnlyList<PairScore> scores = reranker.Score(pairs);
        scores.Should().Equal(pairs.Select(pair => reranker.Score(pair.Item1, pair.Item2)));
    }

    [Fact]
    public async Task RerankAsync_Stream_IsThatOfEachQuery()
    {
        using GauModel model = CrossEncoder();
        GauReranker reranker = new(model);
        (string, IReadOnlyList<string>)[] queries = [("今天", Candidates), ("雨", Candidates[..2]), ("", [])];
        List<IReadOnlyList<RankedText>> ranked = [];
        await foreach (IReadOnlyList<RankedText> one in reranker.RerankAsync(
            queries.ToAsyncEnumerable(), top: 3, TestContext.Current.CancellationToken))
            ranked.Add(one);
        ranked.Should().HaveCount(3);
        for (int i = 0; i < queries.Length; i++)
            ranked[i].Should().Equal(reranker.Rerank(queries[i].Item1, queries[i].Item2, 3));
    }

    [Fact]
    public void Score_PairThatIsCut_SaysIt()
    {
        using GauModel model = CrossEncoder();
        new GauReranker(model, maxTokens: 8).Score("今天天气很好", "雨").Text.Should().Be(new TextInfo(8, true, false));
        new GauReranker(model).Score("", " ").Text.Should().Be(new TextInfo(3, false, true));
    }

    [Fact]
    public void Reranker_ModelThatIsNoCrossEncoder_IsRefusedWithWhatItIs()
    {
        using GauModel three = CrossEncoder(head => head with { Labels = ["a", "b", "c"], ProblemType = ProblemType.SingleLabel });
        FluentActions.Invoking(() => new GauReranker(three)).Should().Throw<ArgumentException>()
            .WithMessage("*cross0.safetensors: the model has 3 outputs: reranking needs a cross-encoder*");
        using GauModel tokens = CrossEncoder(head => head with
        {
            Kind = HeadKind.TokenClassification, ProblemType = ProblemType.SingleLabel,
        });
        FluentActions.Invoking(() => new GauReranker(tokens)).Should().Throw<ArgumentException>()
            .WithMessage("*the model's head is token_classification: reranking needs a cross-encoder*");
    }

    [Fact]
    public void Rerank_NullOrNoTop_IsRefused()
    {
        using GauModel model = CrossEncoder();
        GauReranker reranker = new(model);
        FluentActions.Invoking(() => reranker.Rerank("一", ["二", null!])).Should().Throw<ArgumentException>()
            .WithMessage("candidate 1 is null*");
        FluentActions.Invoking(() => reranker.Rerank("一", ["二"], top: 0)).Should()
            .Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => reranker.RerankAsync(AsyncEnumerable.Empty<(string, IReadOnlyList<string>)>(), top: 0))
            .Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => reranker.Score("一", null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void Score_LogitThatIsNotFinite_IsNoAnswer()
    {
        using GauModel model = CrossEncoder(change: (name, weights) =>
        {
            if (name == "layers.0.gau.o_dense")
            {
                foreach (ref float weight in weights)
                    weight *= 1e25f;
            }
        });
        FluentActions.Invoking(() => new GauReranker(model).Rerank("今天", ["天气"])).Should().Throw<GauTextException>()
            .Which.Index.Should().Be(0);
    }

    private GauModel CrossEncoder(
        Func<HeadConfig, HeadConfig>? head = null, Action<string, Span<float>>? change = null)
    {
        HeadConfig one = TinyModel.CrossEncoder;
        string path = folder.Path($"cross{models++}.safetensors");
        TinyModel.Write(path, head?.Invoke(one) ?? one, (name, weights) => change?.Invoke(name, weights));
        return GauModel.Load(path);
    }
}
