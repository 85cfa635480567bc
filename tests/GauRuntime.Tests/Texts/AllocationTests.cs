using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Texts;

/// <summary>What a warm call through the span overloads allocates: nothing.</summary>
public sealed class AllocationTests : IDisposable
{
    private readonly GauModel model = GauModel.Load(LegalModel.Path);

    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Classify_IntoASpan_AllocatesNothing(Architecture architecture)
    {
        using GauModel tiny = Tiny(architecture, HeadKind.SequenceClassification);
        GauClassifier classifier = new(tiny);
        float[] probabilities = new float[classifier.Labels.Count];
        Measure(LegalModel.Texts, text => classifier.Classify(text, probabilities)).Should().Be(0);
        Measure(LegalModel.Texts, text => classifier.Classify(text, text, probabilities)).Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Embed_IntoASpan_AllocatesNothing(Architecture architecture)
    {
        using GauModel tiny = Tiny(architecture, HeadKind.MaskedLm);
        GauEmbedder embedder = new(tiny, new EmbedderOptions { Normalize = true, Dimensions = 9 });
        float[] vector = new float[9];
        Measure(LegalModel.Texts, text => embedder.Embed(text, vector)).Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Fill_IntoASpan_AllocatesNothing(Architecture architecture)
    {
        using GauModel tiny = Tiny(architecture, HeadKind.MaskedLm);
        GauFillMask fill = new(tiny);
        MaskToken[] tokens = new MaskToken[50];
        Measure(LegalModel.Masked, text => fill.Fill(text, 5, tokens, out _)).Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void ClassifyByPrompt_IntoASpan_AllocatesNothing(Architecture architecture)
    {
        using GauModel tiny = Tiny(architecture, HeadKind.MaskedLm);
        GauPromptClassifier classifier = new(tiny, "{text}[MASK]", [new("one", ["天"]), new("other", ["学"])]);
        float[] probabilities = new float[2];
        Measure(LegalModel.Texts, text => classifier.Classify(text, probabilities)).Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void ClassifyTokens_IntoASpan_AllocatesNothing(Architecture architecture)
    {
        using GauModel tiny = Tiny(architecture, HeadKind.TokenClassification);
        GauTokenClassifier classifier = new(tiny);
        TextEntity[] entities = new TextEntity[500];
        Measure(LegalModel.Texts, text => classifier.Classify(text, entities, out _)).Should().Be(0);
        Measure(LegalModel.Texts, text => classifier.Classify(text, text, entities, out _)).Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Choose_IntoASpan_AllocatesNothing(Architecture architecture)
    {
        using GauModel tiny = Tiny(architecture, HeadKind.MultipleChoice);
        GauMultipleChoice chooser = new(tiny);
        float[] probabilities = new float[LegalModel.Texts.Length];
        Measure(LegalModel.Texts, text => chooser.Choose(text, LegalModel.Texts, probabilities)).Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Answer_OfSpans_AllocatesNothing(Architecture architecture)
    {
        using GauModel tiny = Tiny(architecture, HeadKind.QuestionAnswering);
        GauQuestionAnswering answering = new(tiny);
        Measure(LegalModel.Texts, text => answering.Answer("第一条".AsSpan(), text)).Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Score_OfSpans_AllocatesNothing(Architecture architecture)
    {
        using GauModel tiny = Tiny(architecture, TinyModel.CrossEncoderOf(architecture));
        GauReranker reranker = new(tiny);
        Measure(LegalModel.Texts, text => reranker.Score("第一条".AsSpan(), text)).Should().Be(0);
    }

    [Fact]
    public void Calls_OfSeveralKindsInTurn_AllocateNothing()
    {
        GauClassifier classifier = new(model);
        GauEmbedder embedder = new(model);
        GauFillMask fill = new(model);
        float[] probabilities = new float[classifier.Labels.Count], vector = new float[embedder.Dimensions];
        MaskToken[] tokens = new MaskToken[50];
        Measure(LegalModel.Masked, text =>
        {
            classifier.Classify(text, probabilities);
            embedder.Embed(text, vector);
            fill.Fill(text, 5, tokens, out _);
        }).Should().Be(0);
    }

    [Fact]
    public void Classify_WithAResult_AllocatesAndTheMeasurementSeesIt()
    {
        GauClassifier classifier = new(model);
        Measure(LegalModel.Texts, text => classifier.Classify(text), enough: long.MaxValue - 1).Should().BePositive();
    }

    private GauModel Tiny(Architecture architecture, HeadKind kind) =>
        Tiny(architecture, TinyModel.HeadOf(architecture, kind));

    private GauModel Tiny(Architecture architecture, HeadConfig head)
    {
        string path = folder.Path("tiny.safetensors");
        TinyModel.Write(path, head, architecture: architecture);
        return GauModel.Load(path);
    }

    private static long Measure(string[] texts, Action<string> call, long enough = 0)
    {
        return Allocation.Least(enough, () =>
        {
            foreach (string text in texts)
                call(text);
        });
    }
}
