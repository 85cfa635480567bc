using System.Runtime.ExceptionServices;
using GauRuntime.Text;
using GauRuntime.Train.Numbers;
using GauRuntime.Weights;

namespace GauRuntime.Train.Data;

/// <summary>The samples of masked-language-model training.</summary>
/// <remarks>
/// A sample is a function of seed, epoch and index alone, whoever asks for it and when. Beside the corpus it takes two
/// bytes a piece in memory, and the tokens of words. Thread-safe.
/// </remarks>
internal sealed class PretrainingData
{
    private const ulong HeldOutMark = 0x6865_6c64;   // no epoch has it

    private readonly Corpus corpus;
    private readonly Segmenter segmenter;
    private readonly WordTokens tokens;
    private readonly WholeWordMasking masking;
    private readonly ushort[] lengths;

    /// <summary>Tokenizes the corpus once, to know how long its pieces are.</summary>
    /// <param name="corpus">The pieces; not disposed here.</param>
    /// <param name="tokenizer">Makes tokens of words; its [PAD] has the id 0, which stands for no target.</param>
    /// <param name="segmenter">Makes words of texts.</param>
    /// <param name="maxLength">Most tokens of a sample, [CLS] and [SEP] included.</param>
    /// <exception cref="ArgumentException">[PAD] has another id than 0, or samples would be too long.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public PretrainingData(Corpus corpus, GauTokenizer tokenizer, Segmenter segmenter, int maxLength)
    {
        if (tokenizer.PadId != 0)
            throw new ArgumentException("[PAD] is not the first token", nameof(tokenizer));
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 3);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxLength, ushort.MaxValue);
        (this.corpus, this.segmenter) = (corpus, segmenter);
        tokens = new WordTokens(tokenizer);
        masking = new WholeWordMasking(
            tokenizer.VocabularySize, tokenizer.ClsId, tokenizer.SepId, tokenizer.MaskId, maxLength);
        lengths = new ushort[corpus.Count];
        long beyond = 0;
        try
        {
            Parallel.For(0, lengths.Length, i =>
            {
                int whole = tokenizer.CountTokens(corpus.Text(i)) + 2;
                lengths[i] = (ushort)Math.Min(whole, maxLength);
                Interlocked.Add(ref beyond, whole - lengths[i]);
            });
        }
        catch (AggregateException faults) when (faults.InnerException is IOException fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
        Beyond = beyond;
    }

    /// <summary>Pieces to train on.</summary>
    public int Count => corpus.Count;

    /// <summary>Pieces held out.</summary>
    public int HeldOutCount => corpus.HeldOutCount;

    /// <summary>About how many tokens each sample has, [CLS] and [SEP] included; [<see cref="Count"/>].</summary>
    public ReadOnlySpan<ushort> Lengths => lengths;

    /// <summary>Tokens at the ends of pieces that no sample has: they are behind the longest sample's end.</summary>
    public long Beyond { get; }

    /// <summary>A sample, or null where none of its words was chosen.</summary>
    /// <param name="seed">Of the run.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="index">Of the piece.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    public MaskedSample? Sample(ulong seed, long epoch, int index) =>
        Mask(corpus.Text(index), Seeds.Sample(seed, epoch, index));

    /// <summary>A held-out piece, masked the same way each time; null where none of its words was chosen.</summary>
    /// <inheritdoc cref="Sample" path="/exception"/>
    public MaskedSample? HeldOut(ulong seed, int index) =>
        Mask(corpus.HeldOut(index), Seeds.Mix64(seed, HeldOutMark, (ulong)index));

    /// <summary>The batches of an epoch.</summary>
    /// <inheritdoc cref="BatchPlan(ReadOnlySpan{ushort}, int, ulong, long)"/>
    public BatchPlan Plan(int tokens, ulong seed, long epoch) => new(lengths, tokens, seed, epoch);

    private MaskedSample? Mask(string text, ulong seed)
    {
        List<string> words = [];
        segmenter.Segment(text, new SplitMix64(Seeds.Mix64(seed, 1)), words);
        IEnumerable<int[]> ids = words.Select(tokens.Of);
        if (segmenter.PartsTokens)
            ids = ids.SelectMany(word => word).Select(id => new[] { id });
        MaskedSample sample = masking.Apply([.. ids], new SplitMix64(seed).Uniform);
        return sample.Target.AsSpan().ContainsAnyExcept(0) ? sample : null;
    }
}
