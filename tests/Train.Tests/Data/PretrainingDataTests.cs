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
            int[] restored = [.. sample.Source.Zip(sample.Target, (source, target) => target == 0 ? source : target)];
            restored.Should().Equal(encoded.Ids.ToArray());
            sample.Target.Should().HaveSameCount(sample.Source);
        }
    }

    [Fact]
    public void Sample_WordOfSeveralTokens_IsMaskedWhole()
    {
        PretrainingData data = Open(new Unigram(new WordList([("国务院", 9), ("人民法院", 9), ("规定", 9)])));
        int first = Id("windows"[..1]), count = 0;
        for (int i = 0; i < data.Count; i++)
            for (long epoch = 0; epoch < 20; epoch++)
            {
                if (data.Sample(1, epoch, i) is not { } sample || Array.IndexOf(sample.Target, first) is var at && at < 0)
                    continue;
                count++;
                sample.Target[at..(at + 7)].Should().NotContain(0, "all seven letters of Windows are asked for");
            }
        count.Should().BePositive();
    }

    [Fact]
    public void Sample_PartedTokens_AreChosenEachOnItsOwn()
    {
        PretrainingData data = Open(new Characters());
        int[][] targets =
        [
            .. Enumerable.Range(0, 400).Select(i => data.Sample(1, i, i % data.Count)).OfType<MaskedSample>()
                .Select(sample => Tail(sample.Target)),
        ];
        targets.Should().Contain(some => some.Count(id => id != 0) > 0 && some.Count(id => id != 0) < 7);

        int[] Tail(int[] target)
        {
            int[] letters = [Id("w"), .. "indows".Select(c => Id($"##{c}"))];
            return [.. target.Where(id => id == 0 || letters.Contains(id)).TakeLast(7)];
        }
    }

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

    private PretrainingData Open(Segmenter segmenter) => new(corpus, tokenizer, segmenter, MaxLength);

    private int Id(string token) => Enumerable.Range(0, tokenizer.VocabularySize).First(id => tokenizer.Token(id) == token);
}
