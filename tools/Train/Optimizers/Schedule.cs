using GauRuntime.Tools;

namespace GauRuntime.Train.Optimizers;

/// <summary>How the learning rate goes with the share of the budget that is spent, in updates.</summary>
/// <remarks>
/// Straight lines between the points, constant after the last; where the first is not at 0 it rises to it from 0.
/// Updates and not micro-batches count, nor time, so that a run which goes on later has the same rates.
/// </remarks>
/// <param name="Points">Shares of the budget, ascending, and what the rate is multiplied with there.</param>
internal sealed record Schedule(IReadOnlyList<(double Fraction, double Factor)> Points)
{
    /// <summary>That of GAU-α (<c>train.py</c>), whose 320 000 updates are the whole.</summary>
    public static Schedule GauAlpha { get; } = new([(0, 1), .. Descent]);

    /// <summary>That of RoFormerV2 (<c>train_mlm.py</c>): the same after 4 000 updates of warm-up.</summary>
    public static Schedule RoFormerV2 { get; } = new([(1.0 / 80, 1), .. Descent]);

    /// <summary>The same rate all the time.</summary>
    public static Schedule Constant { get; } = new([(0, 1)]);

    private static (double, double)[] Descent => [(1.0 / 8, 0.5), (1.0 / 2, 0.1), (1, 0.01)];

    /// <summary>Throws where no update of a run has a rate above 0.</summary>
    /// <param name="total">The budget, at least 1.</param>
    /// <exception cref="ToolException">It is 1, and the schedule rises from 0 (2).</exception>
    public void RequireRate(long total)
    {
        if (total == 1 && FactorAt(0, total) == 0)
            throw new ToolException(
                ExitCode.Usage, "one update, whose rate is 0 since the schedule rises from there: nothing is learned");
    }

    /// <summary>What the rate is multiplied with in an update.</summary>
    /// <param name="update">Updates before this one.</param>
    /// <param name="total">The budget, at least 1.</param>
    public double FactorAt(long update, long total)
    {
        double spent = (double)update / total;
        (double Fraction, double Factor) before = (0, Points[0].Fraction > 0 ? 0 : Points[0].Factor);
        foreach ((double Fraction, double Factor) point in Points)
        {
            if (spent < point.Fraction)
                return before.Factor + (point.Factor - before.Factor) * (spent - before.Fraction)
                    / (point.Fraction - before.Fraction);
            before = point;
        }
        return before.Factor;
    }
}
