using GauRuntime.Text;
using GauRuntime.Train.Data;
using GauRuntime.Train.Numbers;

namespace GauRuntime.Train.Tests.Data;

public sealed class PretrainingDataTests : IDisposable
{
    private const int MaxLength = 32;

    private static readonly string[] Documents =
    [
        .. Enumerable.Range(0, 40).Select(i => $"第{i}条　国务院关于Windows 11的规定，由人民法院执行。"),
    ];

    private readonly TemporaryFolder folder = new();
    private readonly Corpus corpus;
    private readonly GauTokenizer tokenizer;

    public PretrainingDataTests()
    {
        corpus = Corpus.Read(Documents, new CorpusLayout(Pieces.Longest(MaxLength), 0.1, 1), folder.Root);
        VocabularyBuilder builder = new();
        foreach (string text in Documents)
            builder.Add(text);
        tokenizer = builder.Build(500, 1).Tokenizer();
    }

    public void Dispose()
    {
        corpus.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Sample_SameNumbers_IsTheSameWhoeverAsksAndWhen()
    {
        PretrainingData one = Open(new Spans()), other = Open(new Spans());
        MaskedSample?[] samples = new MaskedSample?[one.Count];
        Parallel.For(0, one.Count, i => samples[one.Count - 1 - i] = one.Sample(7, 2, one.Count - 1 - i));
        for (int i = 0; i < other.Count; i++)
        {
            MaskedSample? again = other.Sample(7, 2, i);
            again?.Source.Should().Equal(samples[i]!.Source);
            again?.Target.Should().Equal(samples[i]!.Target);
            (again is null).Should().Be(samples[i] is null);
        }
        samples.Should().Contain(sample => sample != null);
    }

    [Fact]
    public void Sample_OtherEpochOrSeed_IsMaskedAnotherWay()
    {
        PretrainingData data = Open(new Characters());
        string[] All(ulong seed, long epoch) =>
            [.. Enumerable.Range(0, data.Count).Select(i => string.Join(' ', data.Sample(seed, epoch, i)?.Target ?? []))];
        All(1, 0).Should().NotEqual(All(1, 1)).And.NotEqual(All(2, 0)).And.Equal(All(1, 0));
    }

    [Fact]
    public void Sample_Unmasked_IsTheTextsTokens()
    {
        PretrainingData data = Open(new Characters());
        EncodedText encoded = new();
        for (int i = 0; i < data.Count; i++)
        {
            if (data.Sample(1, 0, i) is not { } sample)
                continue;
            tokenizer.Encode(corpus.Text(i), encoded, MaxLength);
            Restored(sample).Should().Equal(encoded.Ids.ToArray());
            sample.Target.Should().HaveSameCount(sample.Source);
        }
    }

    [Fact]
    public void Sample_WordOfSeveralTokens_IsMaskedWhole()
    {
        bool[][] letters = Windows(Open(new Unigram(new WordList([("国务院", 9), ("人民法院", 9), ("规定", 9)]))));
        letters.Should().OnlyContain(asked => asked.All(each => each) || asked.All(each => !each));
        letters.Should().Contain(asked => asked[0]).And.Contain(asked => !asked[0]);
    }

    [Fact]
    public void Sample_PartedTokens_AreChosenEachOnItsOwn() =>
        Windows(Open(new Characters())).Should().Contain(asked => asked.Any(each => each) && asked.Any(each => !each));

    [Fact]
    public void HeldOut_Twice_IsTheSame()
    {
        PretrainingData data = Open(new Spans());
        data.HeldOutCount.Should().BePositive();
        for (int i = 0; i < data.HeldOutCount; i++)
            data.HeldOut(3, i)?.Source.Should().Equal(data.HeldOut(3, i)!.Source);
    }

    [Fact]
    public void Lengths_OfPieces_AreThoseOfTheSamples()
    {
        PretrainingData data = Open(new Characters());
        for (int i = 0; i < data.Count; i++)
            if (data.Sample(1, 0, i) is { } sample)
                data.Lengths[i].Should().Be((ushort)sample.Source.Length);
        data.Plan(256, 1, 0).Batches.SelectMany(batch => batch).Order().Should().Equal(Enumerable.Range(0, data.Count));
    }

    [Fact]
    public void Open_PadIsNotTheFirstToken_IsRefused()
    {
        GauTokenizer other = new(["x", "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], Vocabulary.Rules);
        ((Action)(() => _ = new PretrainingData(corpus, other, new Spans(), 32))).Should().Throw<ArgumentException>()
            .WithMessage("[PAD] is not the first token*");
    }

    [Fact]
    public void Of_SameWordManyTimes_IsTokenizedOnce()
    {
        WordTokens tokens = new(tokenizer);
        tokens.Of("国务院").Should().BeSameAs(tokens.Of("国务院")).And.HaveCount(3);
        tokens.Of(" ").Should().BeEmpty();
        tokens.Of("Windows").Should().HaveCount(7);
    }

    // Which of the seven letters of Windows are asked for, in many samples.
    private bool[][] Windows(PretrainingData data)
    {
        int first = Id("w");
        return
        [
            .. Enumerable.Range(0, 400).Select(i => data.Sample(1, i, i % data.Count)).OfType<MaskedSample>()
                .Select(sample => sample.Target.AsSpan(Array.IndexOf(Restored(sample), first), 7).ToArray())
                .Select(asked => asked.Select(id => id != 0).ToArray()),
        ];
    }

    private static int[] Restored(MaskedSample sample) =>
        [.. sample.Source.Zip(sample.Target, (source, target) => target == 0 ? source : target)];

    private PretrainingData Open(Segmenter segmenter) => new(corpus, tokenizer, segmenter, MaxLength);

    private int Id(string token) => Enumerable.Range(0, tokenizer.VocabularySize).First(id => tokenizer.Token(id) == token);
}
