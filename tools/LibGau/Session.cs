using System.Buffers;
using System.Text.Unicode;
using GauRuntime.Heads;
using GauRuntime.Text;
using GauRuntime.Tools;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.LibGau;

/// <summary>What one caller at a time computes with: buffers that grow to what was needed.</summary>
internal sealed unsafe class Session(GauModel model) : IDisposable
{
    private const int LeastTokens = 8;

    private readonly GauWorkspace workspace = new(model);
    private readonly GauBatch batch = new();
    private readonly EncodedText encoded = new();
    private char[] first = [], second = [];
    private int firstLength, secondLength;
    private float[] values = [];

    public void Dispose() => workspace.Dispose();

    /// <summary>Probabilities, or the value of a regression; valid until the next call.</summary>
    public ReadOnlySpan<float> Score(in NativeText text, out NativeTextInfo info)
    {
        Encode(text, parseSpecial: false, out info);
        Forward();
        Span<float> outputs = Values(model.Head.OutputCount);
        ClassifierHead.SequenceLogits(model, workspace, batch, 0, outputs);
        return Probabilities.TryOfLogits(model.Head.ProblemType, outputs) ? outputs : throw NotFinite();
    }

    /// <summary>A vector; valid until the next call.</summary>
    public ReadOnlySpan<float> Embed(in NativeText text, Pooling pooling, bool normalize, out NativeTextInfo info)
    {
        Encode(text, parseSpecial: false, out info);
        Forward();
        Span<float> vector = Values(model.Config.HiddenSize);
        Pooler.Pool(workspace, batch, 0, pooling, vector);
        if (!Probabilities.AllFinite(vector))
            throw NotFinite();
        if (normalize)
            Pooler.Normalize(vector);
        return vector;
    }

    /// <summary>Reads a text; how many tokens <see cref="Fill"/> gives for it at most.</summary>
    public int Masks(in NativeText text, out NativeTextInfo info)
    {
        Encode(text, parseSpecial: true, out info);
        int masks = encoded.Ids.Count(model.Tokenizer.MaskId);
        if (masks > 0)
            return masks;
        string where = encoded.Truncated ? $"in the first {encoded.Ids.Length} tokens of the text" : "in the text";
        throw new ToolException(Status.NoAnswer, $"no [MASK] {where}");
    }

    /// <summary>The best tokens for every [MASK] of the text that was read.</summary>
    /// <returns>How many there are; at most <paramref name="top"/> for each.</returns>
    public int Fill(int top, Span<NativeFilled> tokens)
    {
        Forward();
        Span<float> probabilities = Values(model.Config.VocabSize);
        CodePointOffsets firstOffsets = new(first.AsSpan(0, firstLength));
        CodePointOffsets secondOffsets = new(second.AsSpan(0, secondLength));
        int count = 0;
        for (int position = 0; position < encoded.Ids.Length; position++)
        {
            if (encoded.Ids[position] != model.Tokenizer.MaskId)
                continue;
            if (!MaskedLmHead.TryProbabilities(model, workspace, position, probabilities))
                throw NotFinite();
            TokenSpan span = encoded.Spans[position];
            int offset = span.Text == 1 ? secondOffsets.At(span.Start) : firstOffsets.At(span.Start);
            foreach (RankedToken token in TokenRanking.Best(model.Tokenizer, probabilities, top))
                tokens[count++] = new NativeFilled
                {
                    Position = position, Offset = offset, Token = token.Id, Probability = token.Probability,
                };
        }
        return count;
    }

    private void Encode(in NativeText text, bool parseSpecial, out NativeTextInfo info)
    {
        nuint most = text.MaxTokens == 0 ? GauBatch.UsualMaxLength : text.MaxTokens;
        if (most is < LeastTokens or > GauBatch.MaxLength)
            throw Status.Usage($"max_tokens is {most}, not 0 or {LeastTokens} to {GauBatch.MaxLength}");
        Argument.Require(text.Text, "text");
        firstLength = Decode(Argument.Bytes(text.Text, text.TextLength, "text"), ref first, "text");
        secondLength = 0;
        if (text.Pair is null)
        {
            if (text.PairLength > 0)
                throw Status.Usage("pair is NULL, but pair_length is not 0");
            model.Tokenizer.Encode(first.AsSpan(0, firstLength), encoded, (int)most, parseSpecial);
        }
        else
        {
            secondLength = Decode(Argument.Bytes(text.Pair, text.PairLength, "pair"), ref second, "pair");
            model.Tokenizer.EncodePair(
                first.AsSpan(0, firstLength), second.AsSpan(0, secondLength), encoded, model.Head.Segments, (int)most,
                parseSpecial);
        }
        info = new NativeTextInfo
        {
            Tokens = encoded.Ids.Length,
            Truncated = encoded.Truncated ? 1 : 0,
            Empty = encoded.IsEmpty ? 1 : 0,
        };
    }

    private void Forward()
    {
        batch.Clear();
        batch.Add(encoded.Ids, encoded.Segments);
        GauEncoder.Forward(model, batch, workspace);
    }

    // A text has at most as many UTF-16 units as UTF-8 bytes.
    private static int Decode(ReadOnlySpan<byte> text, ref char[] into, string name)
    {
        if (into.Length < text.Length)
            into = new char[Math.Max(text.Length, Math.Min(2 * into.Length, Array.MaxLength))];
        OperationStatus status = Utf8.ToUtf16(text, into, out _, out int length, replaceInvalidSequences: false);
        return status == OperationStatus.Done ? length : throw Argument.NotUtf8(name);
    }

    private Span<float> Values(int length)
    {
        if (values.Length < length)
            values = new float[length];
        return values.AsSpan(0, length);
    }

    private static ToolException NotFinite() => new(Status.NoAnswer, "the model gave a number that is not finite");
}
