using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Encoder;

/// <summary>
/// Attention with int8 blocks: q and k per token and block of features, the weights per query and block of 64 keys as
/// integers of 0 … 127, v per column and block of 64 keys.
/// </summary>
/// <remarks>
/// Keys come in tiles with a running maximum. The weights of an earlier tile are brought to the last maximum
/// through their scales, so that nothing accumulated is ever rescaled.
/// </remarks>
internal sealed unsafe class Int8Attention : Attention
{
    /// <summary>Keys of a tile: 128 rows of their scores stay in the L2 cache.</summary>
    private const int KeyTile = 512;

    private const int KeyBlock = BatchLayout.KeyBlock;

    /// <summary>Keys of a text that are a block of so many: the rest of a whole one would be zeros.</summary>
    private const int FewKeys = 32;

    private readonly int block;   // features per block of q and k
    private readonly NativeBuffer<byte> queries = new();   // [heads, tokens, key width]
    private readonly NativeBuffer<float> queryScales = new();   // [heads, blocks, tokens]
    private readonly Keys8[] keys = [new(), new()];
    private readonly Values8[] values = [new(), new()];

    public Int8Attention(GauModel model, int keyWidth, int valueWidth)
        : base(model, keyWidth, valueWidth)
    {
        block = FeatureBlock(keyWidth);
    }

    /// <summary>Features per block of q and k.</summary>
    public static int FeatureBlock(ModelConfig config) => FeatureBlock(2 * AxisLayout.Pad(config.KeySize / 2));

    public override long Bytes =>
        queries.Bytes + queryScales.Bytes + keys.Sum(k => k.Bytes) + values.Sum(v => v.Values.Bytes + v.Scales.Bytes);

    public override long BytesFor(long tokens, long keys) =>
        tokens * Heads * (KeyWidth + sizeof(float) * Blocks)
        + 2 * keys * Heads * (KeyWidth + (sizeof(float) + sizeof(short)) * Blocks)
        + 2 * (keys * ValueWidth + keys / KeyBlock * ValueWidth * sizeof(float));

    public override long ScratchBytesFor(long tokens)
    {
        long keys = BatchLayout.PadKeys(tokens), tiles = (tokens + KeyTile - 1) / KeyTile;
        long floats = BatchLayout.ChunkRows * (KeyTile + tiles + Math.Max(keys / KeyBlock, Blocks));
        long bytes = BatchLayout.ChunkRows * Math.Max(keys + BatchLayout.RowSkew * sizeof(float), KeyWidth);
        return sizeof(float) * (floats + AttentionScratch.RowFloats) + bytes;
    }

    public override int QueryTile => BatchLayout.ChunkRows;

    private int Blocks => KeyWidth / block;

    public override void StoreQueries(int firstToken, int rows, int head, float* q, int ldq) =>
        Kernels.Quantize(q, ldq, KeyWidth, rows, block, Queries(firstToken, head), Kernels.Shift);

    public override void StoreKeys(
        int parity, ChunkPart part, int head, float* k, int ldk, AttentionScratch scratch)
    {
        Int8Rows rows = new(
            scratch.Bytes8((long)part.Rows * KeyWidth), KeyWidth, scratch.Scales((long)part.Rows * Blocks), part.Rows);
        Kernels.Quantize(k, ldk, KeyWidth, part.Rows, block, rows, 0);
        Int8Panels panels = Keys(parity, part.Text, head);
        for (int i = 0; i < part.Rows; i++)
        {
            int key = part.FirstRow + i, panel = key / Panel, lane = key % Panel;
            int* from = (int*)(rows.Values + (long)i * KeyWidth);
            int* to = (int*)(panels.Values + panel * panels.Stride) + lane;
            for (int group = 0; group < KeyWidth / 4; group++)
                to[group * Panel] = from[group];
            for (int n = 0; n < Blocks; n++)
            {
                panels.Scales[panel * panels.ScaleStride + n * Panel + lane] = rows.Scales[n * part.Rows + i];
                panels.Sums[panel * panels.SumStride + n * Panel + lane] = Sum((sbyte*)from + n * block, block);
            }
        }
    }

    public override void StoreValues(int parity, ChunkPart part, int firstColumn, int columns, float* v, int ldv) =>
        Kernels.QuantizeColumns(
            v, ldv, part.Rows, columns / Panel,
            Values(parity, part.Text, firstColumn, part.FirstRow + part.Rows).Part(part.FirstRow / KeyBlock, 0));

    public override void Weigh(
        int parity, ChunkPart queries, int firstToken, int n, int head, AttentionScratch scratch)
    {
        int rows = queries.Rows, tiles = (n + KeyTile - 1) / KeyTile;
        float factor = Factor(n);
        Int8Rows q = Queries(firstToken, head), weights = WeightRows(queries, scratch);
        Int8Panels k = Keys(parity, queries.Text, head);
        float* scores = scratch.Scores(BatchLayout.ChunkRows * KeyTile);
        float* tileMaxima = scratch.TileMaxima((long)tiles * BatchLayout.ChunkRows);
        StartRows(scratch, rows);
        for (int tile = 0; tile < tiles; tile++)
        {
            int first = tile * KeyTile, count = Math.Min(KeyTile, n - first), width = AxisLayout.Pad(count);
            Kernels.MultiplyInt8(
                q, rows, k.From(first / Panel), width / Panel, scores, KeyTile, null, Activation.Identity);
            Normalize(scores, KeyTile, rows, count, n, factor, scratch);
            Kernels.Quantize(scores, KeyTile, width, rows, BlockOf(n), weights.Part(first / KeyBlock, KeyBlock), 0);
            new ReadOnlySpan<float>(scratch.Maxima, rows)
                .CopyTo(new Span<float>(tileMaxima + tile * BatchLayout.ChunkRows, rows));
        }
        if (Config.Normalization != Normalization.SquaredRelu)
            for (int tile = 0; tile < tiles - 1; tile++)
                Rescale(tileMaxima + tile * BatchLayout.ChunkRows, rows, weights, tile, scratch);
        FinishRows(scratch, rows);
    }

    public override void Multiply(
        int parity, ChunkPart queries, int n, int firstColumn, int columns, AttentionScratch scratch, float* o,
        int ldo) => ValueKernels.MultiplyInt8(
            WeightRows(queries, scratch), queries.Rows, Values(parity, queries.Text, firstColumn, n), columns / Panel,
            o, ldo, null, Activation.Identity);

    public override void ReadWeights(ChunkPart queries, int row, AttentionScratch scratch, Span<float> weights)
    {
        Int8Rows stored = WeightRows(queries, scratch).From(row);
        for (int key = 0; key < weights.Length; key++)
            weights[key] = stored.Values[key] * stored.Scales[(long)(key / KeyBlock) * stored.ScaleStride]
                * scratch.Factors[row];
    }

    public override void Dispose()
    {
        queries.Dispose();
        queryScales.Dispose();
        foreach (Keys8 k in keys)
            k.Dispose();
        foreach (Values8 v in values)
            v.Dispose();
    }

    public override void Reserve(long tokens, long keys)
    {
        queries.Reserve(tokens * Heads * KeyWidth);
        queryScales.Reserve(tokens * Heads * Blocks);
        foreach (Keys8 k in this.keys)
            k.Reserve(keys * Heads, KeyWidth, Blocks);
        foreach (Values8 v in values)
            v.Reserve(keys, ValueWidth);
    }

    /// <summary>
    /// Brings the weights of an earlier tile of keys to the last maximum: their scales · exp(max − last).
    /// </summary>
    private void Rescale(float* maxima, int rows, Int8Rows weights, int tile, AttentionScratch scratch)
    {
        for (int row = 0; row < rows; row++)
            maxima[row] -= scratch.Maxima[row];
        Kernels.Exp(maxima, AxisLayout.Pad(rows));
        for (int n = tile * KeyTile / KeyBlock; n < (tile + 1) * KeyTile / KeyBlock; n++)
        {
            Span<float> scales = new(weights.Scales + (long)n * weights.ScaleStride, rows);
            TensorPrimitives.Multiply(scales, new ReadOnlySpan<float>(maxima, rows), scales);
        }
    }

    private static short Sum(sbyte* values, int count)
    {
        Vector128<short> sum = Vector128<short>.Zero;
        for (int i = 0; i < count; i += Vector128<sbyte>.Count)
        {
            (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.Load(values + i));
            sum += low + high;
        }
        return Vector128.Sum(sum);
    }

    private Int8Rows Queries(int token, int head) => new(
        queries.Address + ((long)head * Tokens + token) * KeyWidth, KeyWidth,
        queryScales.Address + (long)head * Blocks * Tokens + token, Tokens);

    private Int8Rows WeightRows(ChunkPart queries, AttentionScratch scratch)
    {
        int capacity = Layout.KeyCapacity(queries.Text), stride = capacity + BatchLayout.RowSkew * sizeof(float);
        return new Int8Rows(
            scratch.Bytes8((long)BatchLayout.ChunkRows * stride), stride,
            scratch.Scales((long)BatchLayout.ChunkRows * (capacity / KeyBlock)), BatchLayout.ChunkRows);
    }

    private Int8Panels Keys(int parity, int text, int head)
    {
        long first = (long)Layout.KeyStart(text) * Heads + (long)head * Layout.KeyCapacity(text);
        Keys8 k = keys[parity];
        return new Int8Panels(
            k.Values.Address + first * KeyWidth, (long)KeyWidth * Panel, k.Scales.Address + first * Blocks,
            Blocks * Panel, k.Sums.Address + first * Blocks, Blocks * Panel, block, Blocks);
    }

    private static int FeatureBlock(int keyWidth) => keyWidth % 64 == 0 ? 64 : 32;

    /// <summary>Keys per block of a text of n, as they are multiplied. They have one scale in any case.</summary>
    private static int BlockOf(int n) => n <= FewKeys ? FewKeys : KeyBlock;

    /// <summary>The values of a text's first n keys.</summary>
    private Int8Panels Values(int parity, int text, int column, int n)
    {
        long capacity = Layout.KeyCapacity(text), first = Layout.KeyStart(text);
        Values8 v = values[parity];
        return new Int8Panels(
            v.Values.Address + first * ValueWidth + column * capacity, capacity * Panel,
            v.Scales.Address + first / KeyBlock * ValueWidth + column * capacity / KeyBlock,
            capacity / KeyBlock * Panel, null, 0, BlockOf(n), (n + KeyBlock - 1) / KeyBlock);
    }

    /// <summary>Per text and head, panels of 16 keys.</summary>
    private sealed class Keys8 : IDisposable
    {
        public readonly NativeBuffer<sbyte> Values = new();   // [panels, key width / 4, 16, 4]
        public readonly NativeBuffer<float> Scales = new();   // [panels, blocks, 16]
        public readonly NativeBuffer<short> Sums = new();     // [panels, blocks, 16]

        public long Bytes => Values.Bytes + Scales.Bytes + Sums.Bytes;

        public void Reserve(long count, int width, int blocks)
        {
            Values.Reserve(count * width);
            Scales.Reserve(count * blocks);
            Sums.Reserve(count * blocks);
        }

        public void Dispose()
        {
            Values.Dispose();
            Scales.Dispose();
            Sums.Dispose();
        }
    }

    /// <summary>Per text, panels of 16 columns.</summary>
    private sealed class Values8 : IDisposable
    {
        public readonly NativeBuffer<sbyte> Values = new();   // [panels, keys / 4, 16, 4]
        public readonly NativeBuffer<float> Scales = new();   // [panels, keys / 64, 16]

        public void Reserve(long keys, int width)
        {
            Values.Reserve(keys * width);
            Scales.Reserve(keys / KeyBlock * width);
        }

        public void Dispose()
        {
            Values.Dispose();
            Scales.Dispose();
        }
    }
}
