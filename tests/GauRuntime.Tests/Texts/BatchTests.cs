using FluentAssertions;
using Xunit;

namespace GauRuntime.Tests.Texts;

public sealed class BatchTests : IDisposable
{
    private readonly GauModel model = GauModel.Load(LegalModel.Path, maxConcurrency: 4);

    public void Dispose() => model.Dispose();

    [Fact]
    public void Classify_ManyTexts_GivesEachTheBitsItHasAlone()
    {
        GauClassifier classifier = new(model);
        string[] texts = [.. Enumerable.Repeat(LegalModel.Texts, 3).SelectMany(x => x)];
        IReadOnlyList<Classification> batch = classifier.Classify(texts);
        for (int i = 0; i < texts.Length; i++)
        {
            Classification alone = classifier.Classify(texts[i]);
            batch[i].Values.ToArray().Should().Equal(alone.Values.ToArray());
            (batch[i].Label, batch[i].Score, batch[i].Text).Should().Be((alone.Label, alone.Score, alone.Text));
        }
    }

    [Fact]
    public void Embed_ManyPairs_GivesEachTheBitsItHasAlone()
    {
        GauEmbedder embedder = new(model, new EmbedderOptions { Normalize = true });
        (string, string)[] pairs = [.. LegalModel.Texts.Zip(LegalModel.Texts.Reverse())];
        IReadOnlyList<TextEmbedding> batch = embedder.Embed(pairs);
        for (int i = 0; i < pairs.Length; i++)
            batch[i].Vector.ToArray().Should().Equal(embedder.Embed(pairs[i].Item1, pairs[i].Item2).Vector.ToArray());
    }

    [Fact]
    public void Embed_FewerDimensions_AreTheLeadingOnesScaledAnew()
    {
        float[] whole = new GauEmbedder(model).Embed(LegalModel.Texts[0]).Vector.ToArray();
        float[] cut = new GauEmbedder(model, new EmbedderOptions { Dimensions = 16 })
            .Embed(LegalModel.Texts[0]).Vector.ToArray();
        cut.Should().Equal(whole[..16]);
        new GauEmbedder(model, new EmbedderOptions { Dimensions = 16, Normalize = true })
            .Embed(LegalModel.Texts[0]).Vector.ToArray().Sum(x => (double)x * x).Should().BeApproximately(1, 1e-6);
    }

    [Fact]
    public void Fill_ManyTexts_KeepsTheirOrder()
    {
        GauFillMask fill = new(model);
        IReadOnlyList<FilledText> batch = fill.Fill(LegalModel.Masked, top: 3);
        batch.Should().BeEquivalentTo(LegalModel.Masked.Select(text => fill.Fill(text, 3)), o => o.WithStrictOrdering());
        batch.Should().OnlyContain(text => text.Masks.All(mask => mask.Tokens.Count == 3));
    }

    [Fact]
    public void Progress_OfABatch_AscendsToAllOfIt()
    {
        List<BatchProgress> told = [];
        new GauClassifier(model).Classify(LegalModel.Texts, new Direct(told.Add), TestContext.Current.CancellationToken);
        told.Select(p => p.Done).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        told[^1].Should().Be(new BatchProgress(LegalModel.Texts.Length, LegalModel.Texts.Length));
    }

    [Fact]
    public void Cancel_WithinABatch_EndsItBeforeItsEnd()
    {
        using CancellationTokenSource cancel = new();
        int done = 0;
        string[] texts = [.. Enumerable.Repeat(LegalModel.Texts[0], 5000)];
        FluentActions.Invoking(() => new GauClassifier(model).Classify(texts, new Direct(p =>
        {
            done = p.Done;
            cancel.Cancel();
        }), cancel.Token)).Should().Throw<OperationCanceledException>();
        done.Should().BeInRange(1, 1000);
        new GauClassifier(model).Classify(LegalModel.Texts[0]).Label.Should().NotBeEmpty("its sessions have returned");
    }

    [Fact]
    public void Fill_TextsWithoutMask_NamesTheFirst()
    {
        string[] texts = [.. LegalModel.Masked];
        (texts[2], texts[5]) = ("没有", "也没有");
        GauTextException error = FluentActions.Invoking(() => new GauFillMask(model).Fill(texts))
            .Should().Throw<GauTextException>().WithMessage("text 2: no [MASK] in the text").Which;
        (error.Index, error.Reason).Should().Be((2, "no [MASK] in the text"));
    }

    [Fact]
    public void Classify_NullAmongTexts_NamesIt() =>
        FluentActions.Invoking(() => new GauClassifier(model).Classify(["一", null!, "二"]))
            .Should().Throw<ArgumentException>().WithMessage("text 1 is null*");

    [Fact]
    public void Classify_NoTexts_GivesNothing() => new GauClassifier(model).Classify(Array.Empty<string>()).Should().BeEmpty();

    private sealed class Direct(Action<BatchProgress> report) : IProgress<BatchProgress>
    {
        public void Report(BatchProgress value) => report(value);
    }
}
