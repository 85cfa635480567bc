using FluentAssertions;
using GauRuntime.Text;
using Xunit;

namespace GauRuntime.Tests.Texts;

/// <summary>The masked LM as a classifier, beside what it says of the tokens one by one.</summary>
public sealed class PromptTests : IDisposable
{
    private static readonly LabelWords[] Labels =
        [new("weather", ["天气", "下雨"]), new("school", ["学习"]), new("talk", ["语言", "文中", "人家"])];

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("这是[MASK][MASK]：{text}")]
    [InlineData("{text}。[MASK]和[MASK]")]
    [InlineData("[MASK]{text}[MASK]")]
    public void Classify_AText_IsTheSoftmaxOfTheMeanLogProbabilities(string template)
    {
        using GauModel model = Tiny();
        GauPromptClassifier classifier = new(model, template, Labels);
        foreach (string text in (string[])["今天很好", "the 公园", ""])
        {
            FilledText filled = new GauFillMask(model).Fill(
                template.Replace("{text}", text, StringComparison.Ordinal), top: 1000);
            double[] means = [.. Labels.Select(label => label.Words.SelectMany(word => word.Select((c, i) =>
                Math.Log(filled.Masks[i].Tokens.Single(t => t.Token == c.ToString()).Probability))).Average())];
            double sum = means.Sum(Math.Exp);
            Classification answer = classifier.Classify(text);
            answer.Labels.Should().Equal("weather", "school", "talk");
            for (int i = 0; i < 3; i++)
                ((double)answer.Values.Span[i]).Should().BeApproximately(Math.Exp(means[i]) / sum, 1e-5);
            answer.Label.Should().Be(Labels[Array.IndexOf(means, means.Max())].Label);
            answer.Text.Tokens.Should().Be(filled.Text.Tokens);
        }
    }

    [Fact]
    public async Task Classify_ManyTexts_GivesTheBitsOfEachAlone()
    {
        using GauModel model = Tiny();
        GauPromptClassifier classifier = new(model, "这是[MASK][MASK]：{text}", Labels, maxTokens: 24);
        string[] texts = ["今天很好", "", new('天', 100), "[MASK]和[MASK]", "hello"];
        string[] alone = [.. texts.Select(text => Shown(classifier.Classify(text)))];
        alone.Distinct().Should().HaveCount(texts.Length);
        classifier.Classify(texts, cancel: Cancel).Select(Shown).Should().Equal(alone);
        List<string> stream = [];
        await foreach (Classification answer in classifier.ClassifyAsync(texts.ToAsyncEnumerable(), Cancel))
            stream.Add(Shown(answer));
        stream.Should().Equal(alone);
    }

    [Fact]
    public void Classify_IntoASpan_GivesTheSameBits()
    {
        using GauModel model = Tiny();
        GauPromptClassifier classifier = new(model, "这是[MASK][MASK]：{text}", Labels, maxTokens: 24);
        foreach (string text in (string[])["今天很好", "", new('天', 100)])
        {
            Classification answer = classifier.Classify(text);
            float[] probabilities = [0, 0, 0, 9];
            classifier.Classify(text, probabilities).Should().Be(answer.Text);
            probabilities.Should().Equal([.. answer.Values.ToArray(), 9]);
        }
        FluentActions.Invoking(() => classifier.Classify("今天", new float[2]))
            .Should().Throw<ArgumentException>().WithMessage("room for 2 probabilities: the model has 3 labels*");
    }

    [Fact]
    public void Classify_LongText_LosesItsTailAndNeverTheTemplate()
    {
        using GauModel model = Tiny();
        GauPromptClassifier classifier = new(model, "{text}。[MASK][MASK]", Labels, maxTokens: 12);
        Classification cut = classifier.Classify("今天天气很好我们去公园玩");
        cut.Text.Should().Be(new TextInfo(12, Truncated: true, IsEmpty: false));
        cut.Values.ToArray().Should().Equal(classifier.Classify("今天天气很好我").Values.ToArray());
        classifier.Classify("　").Text.Should().Be(new TextInfo(5, Truncated: false, IsEmpty: true));
    }

    [Fact]
    public void Classify_MaskInAText_IsCharacters()
    {
        using GauModel model = Tiny();
        GauPromptClassifier classifier = new(model, "这是[MASK][MASK]：{text}", Labels);
        int tokens = model.Tokenizer.EncodeAlone("[MASK]", new EncodedText(), 100).Total;
        tokens.Should().BeGreaterThan(1);
        classifier.Classify("[MASK]").Text.Tokens.Should().Be(classifier.Classify("").Text.Tokens + tokens);
    }

    [Theory]
    [InlineData("这是：{text}", "template '这是：{text}': it has no [MASK], where words go")]
    [InlineData("这是[MASK]：", "template '这是[MASK]：': it has no {text}, where the text goes")]
    [InlineData("{text}[MASK]{text}", "*it has {text} twice*")]
    [InlineData("{title}[MASK]{text}", "*{title} is unknown; a template knows {text}")]
    [InlineData("[MASK]：{text}", "label words: '天气' has 2 tokens, and the template 1 [MASK]: every word has one token for each [MASK]")]
    public void Template_ThatDoesNotFit_IsRefused(string template, string message) => Refuse(template, Labels, message);

    [Fact]
    public void Words_ThatDoNotFit_AreRefused()
    {
        const string Template = "[MASK]：{text}";
        Refuse(Template, [new("a", ["天"])], "label words: 1 label, and*");
        Refuse(Template, [new("a", ["天"]), new("b", [])], "label words: label 'b' has no word");
        Refuse(Template, [new("a", ["天"]), new("a", ["雨"])], "label words: label 'a' stands there twice");
        Refuse(Template, [new("a", ["天"]), new("b", ["雨", "天"])], "label words: '天' stands there twice*");
        Refuse(Template, [new("a", ["天"]), new("b", ["下雨"])], "label words: '下雨' has 2 tokens*");
        Refuse(Template, [new("a", ["天"]), new("b", ["☃"])], "'☃' is not in the vocabulary");
        Refuse(Template, [new("a", ["天"]), new("b", [""])], "'' has no token");
        Refuse(new string('天', 30) + Template, [new("a", ["天"]), new("b", ["雨"])], "the template has 34 tokens*no room*", 34);
    }

    [Fact]
    public void Model_WithoutAMaskedLm_IsRefused()
    {
        string path = folder.Path("bert.safetensors");
        TinyModel.Write(path, TinyModel.Sequence, positions: 64);
        using GauModel model = GauModel.Load(path);
        FluentActions.Invoking(() => new GauPromptClassifier(model, "[MASK][MASK]{text}", Labels)).Should()
            .Throw<ArgumentException>().WithMessage("*no masked LM*");
    }

    private void Refuse(string template, LabelWords[] labels, string message, int? maxTokens = null)
    {
        using GauModel model = Tiny();
        FluentActions.Invoking(() => new GauPromptClassifier(model, template, labels, maxTokens)).Should()
            .Throw<ArgumentException>()
            .WithMessage(message.Replace("[", "?", StringComparison.Ordinal).Replace("]", "?", StringComparison.Ordinal));
    }

    private static string Shown(Classification answer) =>
        $"{string.Join(' ', answer.Values.ToArray().Select(BitConverter.SingleToInt32Bits))} {answer.Text}";

    private GauModel Tiny()
    {
        string path = folder.Path($"{Guid.NewGuid():N}.safetensors");
        TinyModel.Write(path, TinyModel.NoHead);
        return GauModel.Load(path);
    }
}
