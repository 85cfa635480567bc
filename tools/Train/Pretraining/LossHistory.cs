using System.Globalization;
using System.Text.Json.Serialization;
using GauRuntime.Tools;

namespace GauRuntime.Train.Pretraining;

/// <summary>What tells a loss that explodes from one that moves: a running mean, and the lowest it has been.</summary>
/// <param name="Sum">0.1 of each loss, times 0.9 for every one behind it.</param>
/// <param name="Count">Updates.</param>
/// <param name="Lowest">The lowest that the mean has been.</param>
internal readonly record struct LossHistory(double Sum, long Count, double Lowest)
{
    private const double Kept = 0.9;
    private const double LeastRise = 2;   // nats; the mean of a small corpus moves by one and more

    /// <summary>The running mean; 0 before the first update.</summary>
    [JsonIgnore]
    public double Mean => Count == 0 ? 0 : Sum / (1 - Math.Pow(Kept, Count));

    /// <summary>The history with another update.</summary>
    public LossHistory With(double loss)
    {
        LossHistory next = new(Kept * Sum + (1 - Kept) * loss, Count + 1, Lowest);
        return next with { Lowest = Count == 0 ? next.Mean : Math.Min(Lowest, next.Mean) };
    }

    /// <summary>Ends a run whose loss, with another update, is no number or explodes.</summary>
    /// <param name="update">Which, from 1.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="vocabulary">Tokens: all of them alike have the loss ln V.</param>
    /// <exception cref="ToolException">
    /// It is not finite, or the mean has risen by half of ln V, the way back to knowing little, and at least 2 nats.
    /// </exception>
    public void Require(long update, double loss, int vocabulary)
    {
        LossHistory next = With(loss);
        double most = next.Lowest + Math.Max(Math.Log(Math.Max(vocabulary, 2)) / 2, LeastRise);
        if (double.IsFinite(loss) && next.Mean <= most)
            return;
        string what = double.IsFinite(loss)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"the loss explodes: {loss:G4} nats, {next.Mean:G4} in the mean of the last ones, which was "
                + $"{next.Lowest:G4} before")
            : "the loss is no number";
        throw Exploded(update, what);
    }

    /// <summary>The end of such a run.</summary>
    /// <param name="update">Where, from 1.</param>
    /// <param name="what">What happened, in words.</param>
    public static ToolException Exploded(long update, string what) => new(
        ExitCode.Diverged,
        $"update {update}: {what}; a smaller --rate or a schedule with warm-up helps");
}
