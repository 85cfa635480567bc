using FluentAssertions;
using GauRuntime.Heads;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Texts;

/// <summary>What results hold, and what is refused.</summary>
public sealed class AnswerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Classify_OneLabel_GivesTheBestOfAll()
    {
        using GauModel model = GauModel.Load(LegalModel.Path);
        Classification answer = new GauClassifier(model).Classify(LegalModel.Texts[0]);
        answer.Values.ToArray().Sum().Should().BeApproximately(1, 1e-5f);
        answer.Score.Should().Be(answer.Values.ToArray().Max()).And.Be(answer[answer.Label]);
        answer.Labels.Should().Equal(model.Head.Labels);
        answer.Chosen.Should().Equal(answer.Label);
        answer.Text.Tokens.Should().BePositive();
        FluentActions.Invoking(() => answer["天气"]).Should().Throw<ArgumentException>().WithMessage("*no label '天气'*");
    }

    [Fact]
    public void Classify_SeveralLabels_ChoosesThoseOfHalfAndMore()
    {
        using GauModel model = Tiny(TinyModel.Sequence with { ProblemType = ProblemType.MultiLabel });
        Classification answer = new GauClassifier(model).Classify("天气很好");
        answer.Chosen.Should().Equal(answer.Labels.Where(label => answer[label] >= 0.5f));
        answer.Values.ToArray().Should().OnlyContain(p => p > 0 && p < 1);
        answer.Values.ToArray().Sum().Should().NotBeApproximately(1, 1e-3f);
    }

    [Fact]
    public void Classify_Regression_GivesItsValue()
    {
        using GauModel model = Tiny(TinyModel.Sequence with { ProblemType = ProblemType.Regression, Labels = ["price"] });
        Classification answer = new GauClassifier(model).Classify("天气很好");
        answer.Label.Should().Be("price");
        answer.Score.Should().Be(answer.Values.Span[0]).And.NotBe(1);
    }

    [Fact]
    public void Classify_TextsThatAreCutOrEmpty_SayIt()
    {
        using GauModel model = GauModel.Load(LegalModel.Path);
        GauClassifier classifier = new(model, maxTokens: 8);
        classifier.Classify(LegalModel.Texts[0]).Text.Should().Be(new TextInfo(8, true, false));
        classifier.Classify("　\n").Text.Should().Be(new TextInfo(2, false, true));
    }

    [Fact]
    public void Fill_AMask_SaysWhereItStands()
    {
        using GauModel model = GauModel.Load(LegalModel.Path);
        FilledText answer = new GauFillMask(model).Fill("𠮷依法追究刑[MASK]责任。", top: 2);
        FilledMask mask = answer.Masks.Should().ContainSingle().Which;
        (mask.Start, mask.InPair, mask.Tokens.Count).Should().Be((7, false, 2));
        mask.Tokens[0].Token.Should().Be("事");
        new GauFillMask(model).Fill("条例", "依法追究刑[MASK]责任").Masks[0].InPair.Should().BeTrue();
    }

    [Fact]
    public void Classifier_OtherHead_IsRefusedWithItsName()
    {
        using GauModel model = Tiny(TinyModel.Sequence with { Kind = HeadKind.TokenClassification });
        FluentActions.Invoking(() => new GauClassifier(model)).Should().Throw<ArgumentException>()
            .WithMessage("*tiny.safetensors: the model's head is token_classification, not sequence_classification*");
    }

    [Fact]
    public void Heads_OfAnotherKind_AreRefusedWithTheirName()
    {
        using GauModel model = Tiny(TinyModel.Sequence);
        FluentActions.Invoking(() => new GauTokenClassifier(model)).Should().Throw<ArgumentException>()
            .WithMessage("*tiny.safetensors: the model's head is sequence_classification, not token_classification*");
        FluentActions.Invoking(() => new GauMultipleChoice(model)).Should().Throw<ArgumentException>()
            .WithMessage("*sequence_classification, not multiple_choice*");
        FluentActions.Invoking(() => new GauQuestionAnswering(model)).Should().Throw<ArgumentException>()
            .WithMessage("*sequence_classification, not question_answering*");
    }

    [Fact]
    public void Choose_NoChoiceOrNoRoom_IsRefused()
    {
        using GauModel model = Tiny(TinyModel.Sequence with { Kind = HeadKind.MultipleChoice, Labels = [] });
        GauMultipleChoice chooser = new(model);
        FluentActions.Invoking(() => chooser.Choose("一", [])).Should().Throw<ArgumentException>()
            .WithMessage("there is no choice*");
        FluentActions.Invoking(() => chooser.Choose("一", ["二", null!])).Should().Throw<ArgumentException>()
            .WithMessage("choice 1 is null*");
        FluentActions.Invoking(() => chooser.Choose("一", ["二", "三"], new float[1])).Should().Throw<ArgumentException>()
            .WithMessage("room for 1 probabilities: there are 2 choices*");
        FluentActions.Invoking(() => chooser.Choose([("一", ["二"]), ("三", [])])).Should().Throw<ArgumentException>()
            .WithMessage("there is no choice (Parameter 'questions[1]')");
        chooser.Choose("一", ["二"]).Probabilities.ToArray().Should().Equal(1f);
    }

    [Theory]
    [InlineData(HeadKind.TokenClassification)]
    [InlineData(HeadKind.MultipleChoice)]
    [InlineData(HeadKind.QuestionAnswering)]
    public void Heads_NumbersThatAreNotFinite_AreNoAnswer(HeadKind kind)
    {
        string path = folder.Path("overflow.safetensors");
        string[] labels = kind == HeadKind.TokenClassification ? ["x"] : [];
        TinyModel.Write(path, TinyModel.Sequence with { Kind = kind, Labels = labels }, (name, weights) =>
        {
            if (name != "layers.0.gau.o_dense")
                return;
            foreach (ref float weight in weights)
                weight *= 1e25f;
        });
        using GauModel model = GauModel.Load(path);
        FluentActions.Invoking(() =>
        {
            if (kind == HeadKind.TokenClassification)
                new GauTokenClassifier(model).Classify(["天", "天气"]);
            else if (kind == HeadKind.MultipleChoice)
                new GauMultipleChoice(model).Choose([("天", ["天气"])]);
            else
                new GauQuestionAnswering(model).Answer([("天", "天气")]);
        }).Should().Throw<GauTextException>().WithMessage("text 0: the model gave a number that is not finite");
    }

    [Fact]
    public void Classify_NumbersThatAreNotFinite_AreNoAnswer()
    {
        string path = folder.Path("overflow.safetensors");
        TinyModel.Write(path, TinyModel.Sequence, (name, weights) =>
        {
            if (name != "layers.0.gau.o_dense")
                return;
            foreach (ref float weight in weights)
                weight *= 1e25f;
        });
        using GauModel model = GauModel.Load(path);
        FluentActions.Invoking(() => new GauClassifier(model).Classify("天气"))
            .Should().Throw<GauTextException>().WithMessage("the model gave a number that is not finite");
        FluentActions.Invoking(() => new GauEmbedder(model).Embed(["天", "天气"]))
            .Should().Throw<GauTextException>().WithMessage("text 0: the model gave a number that is not finite");
    }

    [Fact]
    public void Arguments_OutOfRange_AreRefusedByName()
    {
        using GauModel model = GauModel.Load(LegalModel.Path);
        FluentActions.Invoking(() => new GauClassifier(model, maxTokens: 7))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("texts can be cut to 8 to 65536 tokens*");
        FluentActions.Invoking(() => new GauEmbedder(model, new EmbedderOptions { Dimensions = 100_000 }))
            .Should().Throw<ArgumentException>().WithMessage("100000 dimensions: the model has *");
        FluentActions.Invoking(() => new GauClassifier(model).Classify("一", new float[1]))
            .Should().Throw<ArgumentException>().WithMessage("room for 1 probabilities: the model has 4 labels*");
        FluentActions.Invoking(() => new GauFillMask(model).Fill("[MASK][MASK]", 5, new MaskToken[9], out _))
            .Should().Throw<ArgumentException>().WithMessage("room for 9 tokens: there are 10*");
        FluentActions.Invoking(() => new GauFillMask(model).Fill("[MASK]", top: 0))
            .Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Best_RandomProbabilities_AreTheHighestWithTwinsOnce()
    {
        using GauModel model = GauModel.Load(LegalModel.Path);
        Random random = new(11);
        for (int round = 0; round < 20; round++)
        {
            // Few different values, so that there are many equal ones.
            float[] values = [.. Enumerable.Range(0, model.Tokenizer.VocabularySize).Select(_ => random.Next(200) / 200f)];
            string Surface(int id) => model.Tokenizer.Token(id) is { Length: > 2 } token
                && token.StartsWith("##", StringComparison.Ordinal) ? token[2..] : model.Tokenizer.Token(id);
            var expected = Enumerable.Range(0, values.Length).OrderByDescending(id => values[id]).ThenBy(id => id)
                .DistinctBy(Surface).Take(40).Select(id => (Surface(id), values[id]));
            TokenRanking.Best(model.Tokenizer, values, 40).Select(token => (Surface(token.Id), token.Probability))
                .Should().Equal(expected);
        }
    }

    private GauModel Tiny(HeadConfig head)
    {
        string path = folder.Path("tiny.safetensors");
        TinyModel.Write(path, head);
        return GauModel.Load(path);
    }
}
