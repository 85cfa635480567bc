using FluentAssertions;
using Xunit;

namespace GauRuntime.Tests.Texts;

/// <summary>What a warm call through the span overloads allocates: nothing.</summary>
public sealed class AllocationTests : IDisposable
{
    private readonly GauModel model = GauModel.Load(LegalModel.Path);

    public void Dispose() => model.Dispose();

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
    public void Classify_WithAResult_AllocatesAndTheMeasurementSeesIt()
    {
        GauClassifier classifier = new(model);
        Measure(LegalModel.Texts, text => classifier.Classify(text)).Should().BePositive();
    }

    private static long Measure(string[] texts, Action<string> call)
    {
        return Allocation.Least(0, () =>
        {
            foreach (string text in texts) call(text);
        });
    }
}
