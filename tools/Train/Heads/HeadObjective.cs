using System.Numerics.Tensors;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Heads;

/// <summary>The loss of a head on features, and its gradient.</summary>
/// <remarks>
/// The mean over records of the cross entropy (one label), of the logistic loss summed over labels (several), or of
/// half the squared error; and λ/2 times the squares of all weights but biases. Records are summed in pieces that do
/// not depend on the threads, so neither does the result.
/// </remarks>
/// <param name="shape">The head.</param>
/// <param name="features">Of mean 0 and deviation 1.</param>
/// <param name="targets">What is true.</param>
internal sealed class HeadObjective(HeadShape shape, Features features, HeadTargets targets)
{
    private const int Piece = 256;   // records

    /// <summary>Pieces whose gradients are in memory at once.</summary>
    public const int PiecesAtOnce = 16;

    /// <summary>λ.</summary>
    public double Decay { get; set; }

    /// <summary>The loss.</summary>
    /// <param name="parameters">[<see cref="HeadShape.Count"/>].</param>
    /// <param name="gradient">Receives the gradient; as long, or empty: nobody asks.</param>
    public double Value(double[] parameters, double[] gradient)
    {
        float[] p = new float[parameters.Length];
        for (int i = 0; i < p.Length; i++)
            p[i] = (float)parameters[i];
        int pieces = (features.Count + Piece - 1) / Piece;
        double[] losses = new double[pieces];
        float[][] gradients = new float[Math.Min(pieces, PiecesAtOnce)][];
        Array.Clear(gradient);
        for (int first = 0; first < pieces; first += gradients.Length)
        {
            int together = Math.Min(gradients.Length, pieces - first);
            Parallel.For(0, together, i =>
            {
                gradients[i] ??= new float[gradient.Length];
                Array.Clear(gradients[i]);
                losses[first + i] = PieceLoss(first + i, p, gradients[i]);
            });
            foreach (float[] part in gradients.AsSpan(0, together))
                for (int i = 0; i < gradient.Length; i++)
                    gradient[i] += part[i];
        }
        double loss = losses.Sum() / features.Count;
        for (int i = 0; i < gradient.Length; i++)
            gradient[i] /= features.Count;
        foreach (Range weights in (Range[])[shape.Dense, shape.Out])
        {
            (int start, int length) = weights.GetOffsetAndLength(parameters.Length);
            for (int i = start; i < start + length; i++)
            {
                loss += Decay / 2 * parameters[i] * parameters[i];
                if (gradient.Length > 0)
                    gradient[i] += Decay * parameters[i];
            }
        }
        return loss;
    }

    private double PieceLoss(int piece, float[] p, float[] gradient)
    {
        double loss = 0;
        float[] hidden = new float[shape.Hidden], logits = new float[shape.Outputs], back = new float[shape.Hidden];
        for (int record = piece * Piece; record < Math.Min((piece + 1) * Piece, features.Count); record++)
        {
            ReadOnlySpan<float> x = features[record];
            if (shape.Hidden > 0)
            {
                Layer(p.AsSpan()[shape.Dense], p.AsSpan()[shape.DenseBias], x, hidden);
                TensorPrimitives.Tanh<float>(hidden, hidden);
            }
            ReadOnlySpan<float> read = shape.Hidden > 0 ? hidden : x;
            Layer(p.AsSpan()[shape.Out], p.AsSpan()[shape.OutBias], read, logits);
            loss += Differentiate(record, logits);   // logits are now the derivatives by them
            if (gradient.Length == 0)
                continue;
            Add(gradient.AsSpan()[shape.Out], gradient.AsSpan()[shape.OutBias], read, logits);
            if (shape.Hidden == 0)
                continue;
            Array.Clear(back);
            ReadOnlySpan<float> w = p.AsSpan()[shape.Out];
            for (int o = 0; o < logits.Length; o++)
                TensorPrimitives.MultiplyAdd(w.Slice(o * back.Length, back.Length), logits[o], back, back);
            for (int k = 0; k < back.Length; k++)
                back[k] *= 1 - hidden[k] * hidden[k];
            Add(gradient.AsSpan()[shape.Dense], gradient.AsSpan()[shape.DenseBias], x, back);
        }
        return loss;
    }

    /// <summary>y = W x + b.</summary>
    internal static void Layer(ReadOnlySpan<float> w, ReadOnlySpan<float> b, ReadOnlySpan<float> x, Span<float> y)
    {
        for (int o = 0; o < y.Length; o++)
            y[o] = TensorPrimitives.Dot(w.Slice(o * x.Length, x.Length), x) + b[o];
    }

    // The gradient of a layer by its weights: dy ⊗ x, and by its bias.
    private static void Add(Span<float> w, Span<float> b, ReadOnlySpan<float> x, ReadOnlySpan<float> dy)
    {
        for (int o = 0; o < dy.Length; o++)
        {
            Span<float> row = w.Slice(o * x.Length, x.Length);
            TensorPrimitives.MultiplyAdd(x, dy[o], row, row);
            b[o] += dy[o];
        }
    }

    // The loss of a record's logits, which become the derivatives by them.
    private double Differentiate(int record, Span<float> logits) => shape.Problem switch
    {
        ProblemType.SingleLabel => CrossEntropy(targets.Labels[record], logits),
        ProblemType.MultiLabel => Logistic(TrueValues(record), logits),
        _ => SquaredError(TrueValues(record), logits),
    };

    private ReadOnlySpan<float> TrueValues(int record) =>
        targets.Values.AsSpan(record * shape.Outputs, shape.Outputs);

    private static double CrossEntropy(int label, Span<float> logits)
    {
        double max = TensorPrimitives.Max<float>(logits), sum = 0, own = logits[label];
        foreach (float logit in logits)
            sum += Math.Exp(logit - max);
        foreach (ref float logit in logits)
            logit = (float)(Math.Exp(logit - max) / sum);
        logits[label] -= 1;
        return max + Math.Log(sum) - own;
    }

    private static double Logistic(ReadOnlySpan<float> truth, Span<float> logits)
    {
        double loss = 0;
        for (int o = 0; o < logits.Length; o++)
        {
            double z = logits[o];
            // log(1 + eᶻ) − z t
            loss += Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z))) - z * truth[o];
            logits[o] = (float)(1 / (1 + Math.Exp(-z)) - truth[o]);
        }
        return loss;
    }

    private static double SquaredError(ReadOnlySpan<float> truth, Span<float> logits)
    {
        double loss = 0;
        for (int o = 0; o < logits.Length; o++)
        {
            logits[o] -= truth[o];
            loss += logits[o] * logits[o] / 2.0;
        }
        return loss;
    }
}
