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

    [Fact]
    public void Classify_IntoASpan_AllocatesNothing()
    {
        GauClassifier classifier = new(model);
        float[] probabilities = new float[classifier.Labels.Count];
        Measure(LegalModel.Texts, text => classifier.Classify(text, probabilities)).Should().Be(0);
        Measure(LegalModel.Texts, text => classifier.Classify(text, text, probabilities)).Should().Be(0);
    }

    [Fact]
    public void Embed_IntoASpan_AllocatesNothing()
    {
        GauEmbedder embedder = new(model, new EmbedderOptions { Normalize = true, Dimensions = 50 });
        float[] vector = new float[50];
        Measure(LegalModel.Texts, text => embedder.Embed(text, vector)).Should().Be(0);
    }

    [Fact]
    public void Fill_IntoASpan_AllocatesNothing()
    {
        GauFillMask fill = new(model);
        MaskToken[] tokens = new MaskToken[50];
        Measure(LegalModel.Masked, text => fill.Fill(text, 5, tokens, out _)).Should().Be(0);
    }

    [Fact]
    public void ClassifyTokens_IntoASpan_AllocatesNothing()
    {
        using GauModel tiny = Tiny(HeadKind.TokenClassification, "O", "B-x", "I-x");
        GauTokenClassifier classifier = new(tiny);
        TextEntity[] entities = new TextEntity[500];
        Measure(LegalModel.Texts, text => classifier.Classify(text, entities, out _)).Should().Be(0);
        Measure(LegalModel.Texts, text => classifier.Classify(text, text, entities, out _)).Should().Be(0);
    }

    [Fact]
    public void Choose_IntoASpan_AllocatesNothing()
    {
        using GauModel tiny = Tiny(HeadKind.MultipleChoice);
        GauMultipleChoice chooser = new(tiny);
        float[] probabilities = new float[LegalModel.Texts.Length];
        Measure(LegalModel.Texts, text => chooser.Choose(text, LegalModel.Texts, probabilities)).Should().Be(0);
    }

    [Fact]
    public void Answer_OfSpans_AllocatesNothing()
    {
        using GauModel tiny = Tiny(HeadKind.QuestionAnswering);
        GauQuestionAnswering answering = new(tiny);
        Measure(LegalModel.Texts, text => answering.Answer("第一条".AsSpan(), text)).Should().Be(0);
    }

    [Fact]
    public void Score_OfSpans_AllocatesNothing()
    {
        string path = folder.Path("tiny.safetensors");
        TinyModel.Write(path, TinyModel.CrossEncoder);
        using GauModel tiny = GauModel.Load(path);
        GauReranker reranker = new(tiny);
        Measure(LegalModel.Texts, text => reranker.Score("第一条".AsSpan(), text)).Should().Be(0);
    }

    [Fact]
    public void Calls_OfSeveralKindsInTurn_AllocateNothing()
    {
        GauClassifier classifier = new(model);
        GauEmbedder embedder = new(model);
        float[] probabilities = new float[classifier.Labels.Count], vector = new float[embedder.Dimensions];
        Measure(LegalModel.Texts, text =>
        {
            classifier.Classify(text, probabilities);
            embedder.Embed(text, vector);
        }).Should().Be(0);
    }

    [Fact]
    public void Classify_WithAResult_AllocatesAndTheMeasurementSeesIt()
    {
        GauClassifier classifier = new(model);
        Measure(LegalModel.Texts, text => classifier.Classify(text)).Should().BePositive();
    }

    private GauModel Tiny(HeadKind kind, params string[] labels)
    {
        string path = folder.Path("tiny.safetensors");
        TinyModel.Write(path, TinyModel.Sequence with { Kind = kind, Labels = labels });
        return GauModel.Load(path);
    }

    private static long Measure(string[] texts, Action<string> call)
    {
        return Allocation.Least(0, () =>
        {
            foreach (string text in texts)
                call(text);
        });
    }
}
