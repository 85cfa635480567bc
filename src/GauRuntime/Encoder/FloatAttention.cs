using GauRuntime.Kernels;

namespace GauRuntime.Encoder;

/// <summary>Attention in single precision.</summary>
/// <remarks>
/// A tile of queries has its scores with all keys at once, so their exact maximum is known before the first
/// exponential.
/// </remarks>
internal sealed unsafe class FloatAttention(GauModel model, int keyWidth, int valueWidth)
    : Attention(model, keyWidth, valueWidth)
{
    private readonly NativeBuffer<float> queries = new();   // [heads, tokens, key width]
    // Per text [heads, panels of 16 keys, key width, 16]
    private readonly NativeBuffer<float>[] keys = [new(), new()];
    private readonly NativeBuffer<float>[] values = [new(), new()];   // per text [panels of 16 columns, keys, 16]

    public override long Bytes => queries.Bytes + keys.Sum(b => b.Bytes) + values.Sum(b => b.Bytes);

    public override long BytesFor(long tokens, long keys) =>
        sizeof(float) * (tokens * Heads * KeyWidth + 2 * keys * (Heads * KeyWidth + ValueWidth));

    public override long ScratchBytesFor(long tokens) =>
        sizeof(float) * (QueryTile * (BatchLayout.PadKeys(tokens) + BatchLayout.RowSkew) + AttentionScratch.RowFloats);

    /// <summary>Their scores stay in the L2 cache up to 2048 keys.</summary>
    public override int QueryTile => 64;

    public override void StoreQueries(int firstToken, int rows, int head, float* q, int ldq)
    {
        float* to = Query(firstToken, head);
        for (int i = 0; i < rows; i++, q += ldq, to += KeyWidth)
            new ReadOnlySpan<float>(q, KeyWidth).CopyTo(new Span<float>(to, KeyWidth));
    }

    public override void StoreKeys(
        int parity, ChunkPart part, int head, float* k, int ldk, AttentionScratch scratch)
    {
        FloatPanels panels = Keys(parity, part.Text, head);
        for (int i = 0; i < part.Rows; i++, k += ldk)
        {
            int key = part.FirstRow + i;
            float* column = panels.Values + key / Panel * panels.Stride + key % Panel;
            for (int j = 0; j < KeyWidth; j++)
                column[j * Panel] = k[j];
        }
    }

    public override void StoreValues(int parity, ChunkPart part, int firstColumn, int columns, float* v, int ldv)
    {
        FloatPanels panels = Values(parity, part.Text, firstColumn, 0);
        for (int panel = 0; panel < columns / Panel; panel++)
        {
            float* to = panels.Values + panel * panels.Stride + (long)part.FirstRow * Panel;
            for (int row = 0; row < part.Rows; row++)
                new ReadOnlySpan<float>(v + (long)row * ldv + panel * Panel, Panel)
                    .CopyTo(new Span<float>(to + row * Panel, Panel));
        }
    }

    public override void Weigh(
        int parity, ChunkPart queries, int firstToken, int n, int head, AttentionScratch scratch)
    {
        int ld = Layout.KeyCapacity(queries.Text) + BatchLayout.RowSkew;
        float* scores = scratch.Scores((long)QueryTile * ld);
        StartRows(scratch, queries.Rows);
        Kernels.Multiply(
            Query(firstToken, head), KeyWidth, queries.Rows, Keys(parity, queries.Text, head), (n + Panel - 1) / Panel,
            scores, ld, null, Weights.ModelFile.Activation.Identity);
        Normalize(scores, ld, queries.Rows, n, n, Factor(n), scratch);
        FinishRows(scratch, queries.Rows);
    }

    public override void Multiply(
        int parity, ChunkPart queries, int n, int firstColumn, int columns, AttentionScratch scratch, float* o,
        int ldo)
    {
        int ld = Layout.KeyCapacity(queries.Text) + BatchLayout.RowSkew;
        ValueKernels.Multiply(
            scratch.Scores((long)QueryTile * ld), ld, queries.Rows, Values(parity, queries.Text, firstColumn, n),
            columns / Panel, o, ldo, null, Weights.ModelFile.Activation.Identity);
    }

    public override void ReadWeights(ChunkPart queries, int row, AttentionScratch scratch, Span<float> weights)
    {
        int ld = Layout.KeyCapacity(queries.Text) + BatchLayout.RowSkew;
        float* scores = scratch.Scores((long)QueryTile * ld) + (long)row * ld;
        for (int key = 0; key < weights.Length; key++)
            weights[key] = scores[key] * scratch.Factors[row];
    }

    public override void Dispose()
    {
        queries.Dispose();
        foreach (NativeBuffer<float> buffer in (NativeBuffer<float>[])[.. keys, .. values])
            buffer.Dispose();
    }

    public override void Reserve(long tokens, long keys)
    {
        queries.Reserve(tokens * Heads * KeyWidth);
        foreach (NativeBuffer<float> buffer in this.keys)
            buffer.Reserve(keys * Heads * KeyWidth);
        foreach (NativeBuffer<float> buffer in values)
            buffer.Reserve(keys * ValueWidth);
    }

    private float* Query(int token, int head) => queries.Address + ((long)head * Tokens + token) * KeyWidth;

    private FloatPanels Keys(int parity, int text, int head) => new(
        keys[parity].Address + ((long)Layout.KeyStart(text) * Heads + (long)head * Layout.KeyCapacity(text)) * KeyWidth,
        (long)KeyWidth * Panel, KeyWidth);

    private FloatPanels Values(int parity, int text, int column, int n)
    {
        int capacity = Layout.KeyCapacity(text);
        return new FloatPanels(
            values[parity].Address + (long)Layout.KeyStart(text) * ValueWidth + (long)column * capacity,
            (long)capacity * Panel, n);
    }
}
