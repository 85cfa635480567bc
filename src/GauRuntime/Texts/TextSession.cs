using System.Buffers;
using System.Text.Unicode;
using GauRuntime.Heads;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Texts;

/// <summary>What one caller at a time takes texts to answers with: buffers that grow to what was needed.</summary>
/// <remarks>Clear, Add any number of texts, Forward, then ask for the answer of each. Warm, it allocates nothing.</remarks>
internal sealed class TextSession(GauModel model) : IDisposable
{
    /// <summary>The least that a text may be cut to.</summary>
    public const int LeastTokens = 8;

    private readonly GauWorkspace workspace = new(model);
    private readonly GauBatch batch = new();
    private readonly EncodedText encoded = new();
    private char[] first = [], second = [];
    private float[] probabilities = [];
    private RankedToken[] best = [];

    /// <summary>Texts since <see cref="Clear"/>.</summary>
    public int Count => batch.Count;

    /// <summary>Tokens since <see cref="Clear"/>.</summary>
    public int TokenCount => batch.TokenCount;

    public void Dispose() => workspace.Dispose();

    public void Clear() => batch.Clear();

    /// <summary>Adds a text.</summary>
    public TextInfo Add(ReadOnlySpan<char> text, int maxTokens, bool parseSpecial = false)
    {
        model.Tokenizer.Encode(text, encoded, maxTokens, parseSpecial);
        return Added();
    }

    /// <summary>Adds a pair of texts.</summary>
    public TextInfo Add(
        ReadOnlySpan<char> text, ReadOnlySpan<char> pair, int maxTokens, bool parseSpecial = false)
    {
        model.Tokenizer.EncodePair(text, pair, encoded, model.Head.Segments, maxTokens, parseSpecial);
        return Added();
    }

    /// <summary>Takes UTF-8; what it gives is valid until the next.</summary>
    /// <returns>False where it is not UTF-8.</returns>
    public bool TryReadText(ReadOnlySpan<byte> utf8, out ReadOnlySpan<char> text) => TryRead(utf8, ref first, out text);

    /// <summary>As <see cref="TryReadText"/>, for the second text of a pair.</summary>
    public bool TryReadPair(ReadOnlySpan<byte> utf8, out ReadOnlySpan<char> text) => TryRead(utf8, ref second, out text);

    /// <summary>Computes the hidden states of all texts.</summary>
    public void Forward() => GauEncoder.Forward(model, batch, workspace);

    /// <summary>Probabilities, or the value of a regression.</summary>
    /// <param name="text">Which one.</param>
    /// <param name="outputs">[labels].</param>
    public void Classify(int text, Span<float> outputs)
    {
        if (!ClassifierHead.TryProbabilities(model, workspace, batch, text, outputs))
            throw new GauTextException(GauTextException.NotFinite);
    }

    /// <summary>A text's vector.</summary>
    /// <param name="text">Which one.</param>
    /// <param name="pooling">Which vector.</param>
    /// <param name="normalize">Whether it is scaled to length 1.</param>
    /// <param name="vector">Its leading features.</param>
    public void Embed(int text, Pooling pooling, bool normalize, Span<float> vector)
    {
        if (!Pooler.TryVector(workspace, batch, text, pooling, normalize, vector))
            throw new GauTextException(GauTextException.NotFinite);
    }

    /// <summary>How many [MASK] the text has that was added last.</summary>
    /// <exception cref="GauTextException">None.</exception>
    public int CountMasks()
    {
        int masks = encoded.Ids.Count(model.Tokenizer.MaskId);
        return masks > 0 ? masks : throw new GauTextException(GauTextException.NoMask(encoded));
    }

    /// <summary>The best tokens for every [MASK] of the text that was added last, in the order of the text.</summary>
    /// <param name="top">For each, at most V.</param>
    /// <param name="tokens">[masks · top].</param>
    /// <returns>How many there are.</returns>
    public int Fill(int top, Span<MaskToken> tokens)
    {
        if (probabilities.Length == 0)
            probabilities = new float[model.Config.VocabSize];
        if (best.Length < top)
            best = new RankedToken[top];
        int start = batch.Start(batch.Count - 1), count = 0;
        for (int position = 0; position < encoded.Ids.Length; position++)
        {
            if (encoded.Ids[position] != model.Tokenizer.MaskId)
                continue;
            if (!MaskedLmHead.TryProbabilities(model, workspace, start + position, probabilities))
                throw new GauTextException(GauTextException.NotFinite);
            TokenSpan span = encoded.Spans[position];
            int ranked = TokenRanking.Best(model.Tokenizer, probabilities, best.AsSpan(0, top));
            foreach (RankedToken token in best.AsSpan(0, ranked))
                tokens[count++] = new MaskToken(position, span.Text == 1, span.Start, token.Id, token.Probability);
        }
        return count;
    }

    private TextInfo Added()
    {
        batch.Add(encoded.Ids, encoded.Segments);
        return new TextInfo(encoded.Ids.Length, encoded.Truncated, encoded.IsEmpty);
    }

    // A text has at most as many UTF-16 units as UTF-8 bytes.
    private static bool TryRead(ReadOnlySpan<byte> utf8, ref char[] into, out ReadOnlySpan<char> text)
    {
        if (into.Length < utf8.Length)
            into = new char[Math.Max(utf8.Length, Math.Min(2 * into.Length, Array.MaxLength))];
        OperationStatus status = Utf8.ToUtf16(utf8, into, out _, out int length, replaceInvalidSequences: false);
        text = into.AsSpan(0, length);
        return status == OperationStatus.Done;
    }
}
