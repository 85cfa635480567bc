using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Verification;

/// <summary>How a tensor differs between two sets of weights.</summary>
/// <param name="Name">Canonical name.</param>
/// <param name="First">How it is stored in the first; null: it is not there.</param>
/// <param name="Second">The same of the second.</param>
/// <param name="Fault">null: within the rounding of the types; else what is wrong.</param>
/// <param name="Largest">max |a − b|.</param>
/// <param name="Rms">√ mean (a − b)².</param>
/// <param name="SignalToNoise">10 log₁₀(Σ a² / Σ (a − b)²) in dB; infinite where they are equal.</param>
/// <remarks>All three are NaN where shapes differ, or one has no such tensor.</remarks>
internal sealed record TensorDifference(
    string Name, string? First, string? Second, string? Fault, double Largest, double Rms, double SignalToNoise)
{
    /// <summary>
    /// The scale that leaves the smallest squared error may let the largest weight of a block saturate, so that the
    /// steps of its grid are finer than max / 127, by this at most (136 / 127).
    /// </summary>
    private const double FinestStep = 136.0 / 127, LargestBlock = 128;

    /// <summary>Compares a tensor that both have in the same shape.</summary>
    public static TensorDifference Of(WeightSide first, WeightSide second, TensorSpec spec)
    {
        int count = checked(spec.Rows * spec.Columns);
        float[] a = new float[count], b = new float[count], stepsA = new float[count], stepsB = new float[count];
        first.Read(spec, a);
        second.Read(spec, b);
        first.ReadSteps(spec, stepsA);
        second.ReadSteps(spec, stepsB);
        double signal = 0, noise = 0, largest = 0;
        string? fault = null;
        for (int row = 0; row < spec.Rows; row++)
        {
            double rowNoise = 0, squareA = 0, squareB = 0;
            for (int i = row * spec.Columns; i < (row + 1) * spec.Columns; i++)
            {
                double difference = Math.Abs((double)a[i] - b[i]), step = (double)stepsA[i] + stepsB[i];
                signal += (double)a[i] * a[i];
                rowNoise += difference * difference;
                squareA += (double)stepsA[i] * stepsA[i];
                squareB += (double)stepsB[i] * stepsB[i];
                largest = Math.Max(largest, difference);
                // Of a block's squared error, B / 4 steps² at most, one weight may have all.
                if (difference > Math.Sqrt(LargestBlock) / 2 * FinestStep * step)
                    fault ??= $"weight [{row}, {i - row * spec.Columns}] differs by more than its grid rounds";
            }
            noise += rowNoise;
            if (Math.Sqrt(rowNoise) > FinestStep / 2 * (Math.Sqrt(squareA) + Math.Sqrt(squareB)))
                fault ??= $"output {row} differs by more than half a step of its grid";
        }
        return new TensorDifference(
            spec.Name, first.StorageOf(spec), second.StorageOf(spec), fault, largest, Math.Sqrt(noise / count),
            noise == 0 ? double.PositiveInfinity : 10 * Math.Log10(signal / noise));
    }

    /// <summary>A tensor that only one has, or that has another shape.</summary>
    public static TensorDifference Unlike(string name, string? first, string? second, string fault) =>
        new(name, first, second, fault, double.NaN, double.NaN, double.NaN);
}
