namespace GauRuntime.Train.Heads;

/// <summary>
/// Finds a minimum of a smooth function with the limited-memory BFGS method (Nocedal and Wright, Numerical
/// Optimization, algorithms 7.4 and 7.5), steps halved until the function falls enough.
/// </summary>
internal static class Lbfgs
{
    /// <summary>Arrays as long as the point that it keeps: the point, five more, and the pairs it remembers.</summary>
    public const int ArraysOf = 6 + 2 * (Memory + 1);

    private const int Memory = 10, MostHalvings = 30;
    private const double Enough = 1e-4;   // of the fall that the slope promises

    /// <summary>Goes downhill.</summary>
    /// <param name="x">Where it begins; then where it ended.</param>
    /// <param name="function">The value at a point; fills the gradient.</param>
    /// <param name="iterations">Steps at most.</param>
    /// <param name="tolerance">
    /// It ends where the gradient is so much shorter than the point, or the value stays.
    /// </param>
    /// <returns>The value there.</returns>
    public static double Minimize(
        double[] x, Func<double[], double[], double> function, int iterations, double tolerance = 1e-5)
    {
        double[] gradient = new double[x.Length], next = new double[x.Length], nextGradient = new double[x.Length];
        List<(double[] Step, double[] Change, double Curvature)> pairs = [];
        double value = function(x, gradient);
        for (int iteration = 0; iteration < iterations; iteration++)
        {
            if (Length(gradient) <= tolerance * Math.Max(1, Length(x)))
                break;
            double[] direction = Direction(gradient, pairs);
            double slope = Dot(gradient, direction);
            if (slope >= 0)
                break;
            double size = pairs.Count == 0 ? Math.Min(1, 1 / Length(gradient)) : 1, nextValue = double.NaN;
            bool falls = false;
            for (int halving = 0; halving < MostHalvings && !falls; halving++)
            {
                for (int i = 0; i < x.Length; i++)
                    next[i] = x[i] + size * direction[i];
                nextValue = function(next, nextGradient);
                falls = nextValue <= value + Enough * size * slope;
                size /= 2;
            }
            if (!falls)
                break;
            Remember(pairs, x, next, gradient, nextGradient);
            double fall = value - nextValue;
            next.CopyTo(x.AsSpan());
            nextGradient.CopyTo(gradient.AsSpan());
            value = nextValue;
            if (fall <= tolerance * tolerance * Math.Max(1, Math.Abs(value)))
                break;
        }
        return value;
    }

    // −H g by the two loops over the remembered steps.
    private static double[] Direction(
        double[] gradient, List<(double[] Step, double[] Change, double Curvature)> pairs)
    {
        double[] q = [.. gradient], factors = new double[pairs.Count];
        for (int i = pairs.Count - 1; i >= 0; i--)
        {
            factors[i] = Dot(pairs[i].Step, q) / pairs[i].Curvature;
            AddTo(q, pairs[i].Change, -factors[i]);
        }
        if (pairs is [.., var last])
        {
            double scale = last.Curvature / Dot(last.Change, last.Change);
            for (int i = 0; i < q.Length; i++)
                q[i] *= scale;
        }
        for (int i = 0; i < pairs.Count; i++)
            AddTo(q, pairs[i].Step, factors[i] - Dot(pairs[i].Change, q) / pairs[i].Curvature);
        for (int i = 0; i < q.Length; i++)
            q[i] = -q[i];
        return q;
    }

    private static void Remember(
        List<(double[] Step, double[] Change, double Curvature)> pairs, double[] x, double[] next, double[] gradient,
        double[] nextGradient)
    {
        double[] step = new double[x.Length], change = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
            (step[i], change[i]) = (next[i] - x[i], nextGradient[i] - gradient[i]);
        double curvature = Dot(step, change);
        if (curvature <= 1e-12 * Dot(step, step))
            return;   // no bowl here: what is known of its shape would turn the direction uphill
        if (pairs.Count == Memory)
            pairs.RemoveAt(0);
        pairs.Add((step, change, curvature));
    }

    private static double Dot(double[] a, double[] b) => System.Numerics.Tensors.TensorPrimitives.Dot<double>(a, b);

    private static double Length(double[] a) => Math.Sqrt(Dot(a, a));

    private static void AddTo(double[] sum, double[] a, double factor)
    {
        for (int i = 0; i < sum.Length; i++)
            sum[i] += factor * a[i];
    }
}
