using System.Globalization;
using System.Text.Json.Serialization;
using GauRuntime.Tools;

namespace GauRuntime.Train.Pretraining;

/// <summary>What tells a loss that explodes from one that moves: the first one, and a running mean.</summary>
/// <param name="First">The loss of the first update.</param>
/// <param name="Sum">0.1 of each loss, times 0.9 for every one behind it.</param>
/// <param name="Count">Updates.</param>
internal readonly record struct LossHistory(double First, double Sum, long Count)
{
    private const double Kept = 0.9, Times = 3;

    /// <summary>The running mean; 0 before the first update.</summary>
    [JsonIgnore]
    public double Mean => Count == 0 ? 0 : Sum / (1 - Math.Pow(Kept, Count));

    /// <summary>The history with another update.</summary>
    public LossHistory With(double loss) =>
        new(Count == 0 ? loss : First, Kept * Sum + (1 - Kept) * loss, Count + 1);

    /// <summary>Ends a run whose loss, with another update, is no number or explodes.</summary>
    /// <param name="update">Which, from 1.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="vocabulary">Tokens: all of them alike have the loss ln V.</param>
    /// <exception cref="ToolException">It is not finite, or the mean is above three times ln V and the first.
    /// </exception>
    public void Require(long update, double loss, int vocabulary)
    {
        LossHistory next = With(loss);
        double most = Times * Math.Max(Math.Log(Math.Max(vocabulary, 2)), next.First);
        if (double.IsFinite(loss) && next.Mean <= most)
            return;
        string what = double.IsFinite(loss)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"the loss explodes: {loss:G4} nats, {next.Mean:G4} in the mean of the last ones, and {most:G4} is the "
                + $"most that is let pass")
            : "the loss is no number";
        throw Exploded(update, what);
    }

    /// <summary>The end of such a run.</summary>
    /// <param name="update">Where, from 1.</param>
    /// <param name="what">What happened, in words.</param>
    public static ToolException Exploded(long update, string what) => new(
        ExitCode.Diverged,
        $"update {update}: {what}; a smaller --rate or a schedule with warm-up helps (the last good state is kept)");
}
