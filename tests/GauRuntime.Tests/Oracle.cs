using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Tests;

/// <summary>
/// The forward pass in scalar float64, straight from the formulas: one text, explicit positions, every token a key.
/// </summary>
internal sealed class Oracle(TestModel model)
{
    private readonly ModelConfig config = model.Config;

    /// <summary>A of every layer and head of all passes, in order [n][n].</summary>
    public List<double[][]> Weights { get; } = [];

    /// <summary>Last hidden states [n][h].</summary>
    public double[][] Forward(int[] ids, int[] segments, int[] positions)
    {
        double[][] x = [.. ids.Select((id, i) => Embed(id, segments[i], positions[i]))];
        for (int layer = 0; layer < config.LayerCount; layer++)
            x = config.Architecture == Architecture.GauAlpha
                ? Gau(x, $"layers.{layer}.gau.", positions)
                : RoFormer(x, $"layers.{layer}.", positions);
        return x;
    }

    /// <summary>Logits of the masked LM for a hidden state [V].</summary>
    public double[] MaskedLm(double[] x)
    {
        if (config.MaskedLmTransform)
            x = Norm(Act(Linear(x, "mlm.transform")), "mlm.norm");
        float[]? bias = model.Weights.GetValueOrDefault("mlm.bias");
        return [.. Enumerable.Range(0, config.VocabSize).Select(id => Dot(Row("embeddings.word", id), x) + (bias?[id] ?? 0))];
    }

    private double[] Embed(int id, int segment, int position)
    {
        double[] x = Row("embeddings.word", id);
        if (config.SegmentCount > 0)
            x = Sum(x, Row("embeddings.segment", segment));
        if (config.PositionCount > 0)
            x = Sum(x, Row("embeddings.position", position));
        x = Norm(x, "embeddings.norm");
        return config.EmbeddingSize is null ? x : Linear(x, "embeddings.projection");
    }

    private double[][] Gau(double[][] x, string name, int[] positions)
    {
        int e = config.IntermediateSize, s = config.KeySize;
        double[][] y = [.. x.Select(row => Act(Linear(row, name + "i_dense")))];
        double[][] z = [.. y.Select(row => row[(2 * e)..(2 * e + s)])];
        double[][] q = [.. z.Select((row, i) => Rope(ScaleOffset(row, name + "q_"), positions[i]))];
        double[][] k = [.. z.Select((row, i) => Rope(ScaleOffset(row, name + "k_"), positions[i]))];
        double[][] o = Attend(q, k, [.. y.Select(row => row[e..(2 * e)])]);
        return [.. x.Select((row, i) => Norm(Sum(row, Linear([.. o[i].Select((value, j) => value * y[i][j])], name + "o_dense")), ""))];
    }

    private double[][] RoFormer(double[][] x, string name, int[] positions)
    {
        int heads = config.HeadCount, s = config.KeySize, d = config.HeadSize;
        double[][] Project(string part) => [.. x.Select(row => Linear(row, name + "attention." + part))];
        double[][] q = Project("query"), k = Project("key"), v = Project("value");
        double[][] o = [.. x.Select(_ => new double[heads * d])];
        for (int head = 0; head < heads; head++)
        {
            double[][] part = Attend(
                [.. q.Select((row, i) => Rope(row[(head * s)..((head + 1) * s)], positions[i]))],
                [.. k.Select((row, i) => Rope(row[(head * s)..((head + 1) * s)], positions[i]))],
                [.. v.Select((row, i) => Value(row[(head * d)..((head + 1) * d)], positions[i]))]);
            for (int i = 0; i < x.Length; i++)
                part[i].CopyTo(o[i], head * d);
        }
        x = [.. x.Select((row, i) => Norm(Sum(row, Linear(o[i], name + "attention.output")), name + "attention.norm"))];
        return [.. x.Select(row => Norm(
            Sum(row, Linear(Act(Linear(row, name + "ffn.intermediate")), name + "ffn.output")), name + "ffn.norm"))];
    }

    private double[][] Attend(double[][] q, double[][] k, double[][] v)
    {
        int n = k.Length;
        double factor = config.AttentionScale ? 1 / Math.Sqrt(config.KeySize) : 1;
        if (config.Normalization == Normalization.SoftmaxPlus)
            factor *= Math.Log(Math.Max(n, config.MinKeys)) / Math.Log(512);
        double[][] o = new double[q.Length][], weights = new double[q.Length][];
        for (int i = 0; i < q.Length; i++)
        {
            double[] a = [.. k.Select(key => Dot(key, q[i]) * factor)];
            if (config.Normalization == Normalization.SquaredRelu)
            {
                a = [.. a.Select(score => Math.Pow(Math.Max(score, 0), 2) / n)];
            }
            else
            {
                double max = a.Max();
                a = [.. a.Select(score => Math.Exp(score - max))];
                double sum = a.Sum();
                a = [.. a.Select(weight => weight / sum)];
            }
            weights[i] = a;
            o[i] = new double[v[0].Length];
            for (int j = 0; j < n; j++)
                for (int c = 0; c < o[i].Length; c++)
                    o[i][c] += a[j] * v[j][c];
        }
        Weights.Add(weights);
        return o;
    }

    private double[] Value(double[] v, int position) => config.RotaryValue ? Rope(v, position) : v;

    private double[] Rope(double[] x, int position)
    {
        if (config.PositionCount > 0)
            return x;
        double[] y = new double[x.Length];
        for (int i = 0; i < x.Length / 2; i++)
        {
            double angle = position * Math.Pow(10000, -2.0 * i / x.Length), cos = Math.Cos(angle),
                sin = Math.Sin(angle);
            y[2 * i] = x[2 * i] * cos - x[2 * i + 1] * sin;
            y[2 * i + 1] = x[2 * i + 1] * cos + x[2 * i] * sin;
        }
        return y;
    }

    private double[] Act(double[] x) =>
        [.. x.Select(value => config.HiddenAct switch
        {
            Activation.Relu => Math.Max(value, 0),
            Activation.Swish => value / (1 + Math.Exp(-value)),
            Activation.Tanh => Math.Tanh(value),
            Activation.Gelu => value / 2 * (1 + Erf(value / Math.Sqrt(2))),
            Activation.GeluTanh =>
                value / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (value + 0.044715 * value * value * value))),
            _ => value,
        })];

    /// <summary>erf x by its Taylor series; from |x| = 6 on it is ±1 to the last bit.</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6)
            return Math.Sign(x);
        double term = x, sum = x;
        for (int n = 1; n < 200; n++)
        {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private double[] Norm(double[] x, string name)
    {
        if (config.Architecture is Architecture.Bert or Architecture.RoFormer)
        {
            double mean = x.Average(), deviation = Math.Sqrt(x.Average(value => Math.Pow(value - mean, 2)) + config.Eps);
            return [.. x.Select((value, i) =>
                (value - mean) / deviation * model.Weights[name + ".gamma"][i] + model.Weights[name + ".beta"][i])];
        }
        double root = Math.Sqrt(x.Sum(value => value * value) / x.Length + config.Eps);
        return [.. x.Select(value => value / root)];
    }

    private double[] ScaleOffset(double[] z, string name) =>
        [.. z.Select((value, i) => value * model.Weights[name + "gamma"][i] + (config.UseBias ? model.Weights[name + "beta"][i] : 0))];

    private double[] Linear(double[] x, string name)
    {
        float[] w = model.Weights[name];
        float[]? bias = model.Weights.GetValueOrDefault(name + ".bias");
        double[] y = new double[w.Length / x.Length];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = bias?[i] ?? 0;
            for (int j = 0; j < x.Length; j++)
                y[i] += x[j] * w[i * x.Length + j];
        }
        return y;
    }

    private double[] Row(string name, int row) =>
        [.. model.Weights[name].Skip(row * config.EmbeddingWidth).Take(config.EmbeddingWidth).Select(value => (double)value)];

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
