using FluentAssertions;
using GauRuntime.Encoder;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Encoder;

/// <summary>One head's attention against float64 on the very numbers that the kernels see.</summary>
public sealed unsafe class AttentionTests
{
    private const int S = 64, E = 96;

    public static TheoryData<AttentionType, Normalization, int> Cases()
    {
        TheoryData<AttentionType, Normalization, int> data = [];
        foreach (AttentionType type in Enum.GetValues<AttentionType>())
            foreach (Normalization normalization in Enum.GetValues<Normalization>())
                foreach (int n in (ReadOnlySpan<int>)[1, 17, 64, 100, 512, 513, 1300])
                    data.Add(type, normalization, n);
        return data;
    }

    /// <summary>
    /// Floats: rounding only. Int8: the oracle quantizes q, k and v as the kernels do and leaves the weights as they are,
    /// which the kernels round to 1/127 of the largest of their 64: a random walk of ±1/254 over the keys.
    /// </summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Attention_AnyLength_MatchesDouble(AttentionType type, Normalization normalization, int n)
    {
        ModelConfig config = TestModel.GauConfig(h: 16, e: E, s: S, layers: 1) with
        {
            Attention = type, Normalization = normalization,
        };
        using TemporaryFolder folder = new();
        using GauModel model = TestModel.Random(config, 1).Load(
            folder.Path("m.safetensors"), WeightType.F32, KernelTiers.Available[0]);
        // Scores that grow along the keys, so that every tile of keys brings a new maximum.
        float[] q = Values(n * S, 1, 2), k = Values(n * S, 2, 1), v = Values(n * E, 3, 1);
        for (int i = 0; i < n; i++)
            k[i * S] = (q[i * S] = 4) * i / n;
        float[] o = Run(model, n, q, k, v);
        double[] expected = Oracle(config, n, q, k, v, type == AttentionType.Int8);

        double error = 0, size = 0;
        for (int i = 0; i < o.Length; i++)
        {
            error += Math.Pow(o[i] - expected[i], 2);
            size += Math.Pow(expected[i], 2);
        }
        Math.Sqrt(error).Should().BeLessThanOrEqualTo(Math.Sqrt(size) * (type == AttentionType.Int8 ? 0.012 : 1e-5));
    }

    private static float[] Run(GauModel model, int n, float[] q, float[] k, float[] v)
    {
        GauBatch batch = new();
        batch.Add(new int[n]);
        BatchLayout layout = new();
        layout.Plan(batch, 1);
        using Attention attention = Attention.Create(model, S, E);
        using AttentionScratch scratch = new();
        attention.Reserve(n, layout.KeyCount);
        attention.Begin(layout, n);
        float[] o = new float[n * E];
        fixed (float* pq = q, pk = k, pv = v, po = o)
        {
            for (int first = 0; first < n; first += 128)
            {
                ChunkPart part = new(0, first, Math.Min(128, n - first), 0);
                attention.StoreQueries(first, part.Rows, 0, pq + first * S, S);
                attention.StoreKeys(1, part, 0, pk + first * S, S, scratch);
                attention.StoreValues(1, part, 0, 64, pv + first * E, E);
                attention.StoreValues(1, part, 64, 32, pv + first * E + 64, E);
            }
            for (int first = 0; first < n; first += attention.QueryTile)
            {
                ChunkPart part = new(0, first, Math.Min(attention.QueryTile, n - first), 0);
                attention.Weigh(1, part, first, n, 0, scratch);
                attention.Multiply(1, part, n, 0, E, scratch, po + first * E, E);
                model.Kernels.Gate(po + first * E, E, null, 0, scratch.Factors, part.Rows, E);
            }
        }
        return o;
    }

    private static double[] Oracle(ModelConfig config, int n, float[] q, float[] k, float[] v, bool quantize)
    {
        double[] qd = Quantized(q, n, S, quantize, byRow: true), kd = Quantized(k, n, S, quantize, byRow: true),
            vd = Quantized(v, n, E, quantize, byRow: false), o = new double[n * E];
        double factor = 1 / Math.Sqrt(S);
        if (config.Normalization == Normalization.SoftmaxPlus)
            factor *= Math.Log(n) / Math.Log(512);
        for (int i = 0; i < n; i++)
        {
            double[] scores = new double[n];
            for (int j = 0; j < n; j++)
            {
                for (int c = 0; c < S; c++)
                    scores[j] += qd[i * S + c] * kd[j * S + c];
                scores[j] *= factor;
            }
            double max = scores.Max(), sum = scores.Sum(score => Math.Exp(score - max));
            for (int j = 0; j < n; j++)
            {
                double weight = config.Normalization == Normalization.SquaredRelu
                    ? Math.Pow(Math.Max(scores[j], 0), 2) / n
                    : Math.Exp(scores[j] - max) / sum;
                for (int c = 0; c < E; c++)
                    o[i * E + c] += weight * vd[j * E + c];
            }
        }
        return o;
    }

    /// <summary>Blocks of 64 along a row or a column, each to its largest magnitude / 127.</summary>
    private static double[] Quantized(float[] x, int rows, int columns, bool quantize, bool byRow)
    {
        double[] y = [.. x.Select(value => (double)value)];
        if (!quantize)
            return y;
        int lines = byRow ? rows : columns, length = byRow ? columns : rows;
        for (int line = 0; line < lines; line++)
            for (int first = 0; first < length; first += 64)
            {
                int[] block = [.. Enumerable.Range(first, Math.Min(64, length - first)).Select(
                    i => byRow ? line * columns + i : i * columns + line)];
                float max = block.Max(i => Math.Abs(x[i]));
                foreach (int i in block)
                    y[i] = max == 0 ? 0 : MathF.Round(x[i] * (127 / max)) * (max / 127);
            }
        return y;
    }

    private static float[] Values(int count, int seed, float scale)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 2 - 1) * scale)];
    }
}
