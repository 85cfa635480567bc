using System.Globalization;

namespace GauRuntime.Train.Pretraining;

/// <summary>How much is trained.</summary>
/// <param name="Unit">What is counted.</param>
/// <param name="Amount">How many; above 0.</param>
internal sealed record Budget(BudgetUnit Unit, double Amount)
{
    /// <summary>Updates that are measured to turn hours into a number of them.</summary>
    public const int Measured = 50;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Amount:R} {Unit.ToString().ToLowerInvariant()}");

    /// <summary>The updates that hold so many tokens, by the mean of an epoch: all have the same texts.</summary>
    /// <param name="tokens">Above 0.</param>
    /// <param name="epoch">Tokens of an epoch, above 0.</param>
    /// <param name="batches">Its micro-batches, above 0.</param>
    /// <param name="accumulate">Micro-batches of an update.</param>
    public static long UpdatesOfTokens(double tokens, long epoch, int batches, int accumulate) =>
        AtLeastOne(Math.Ceiling(tokens * batches / ((double)epoch * accumulate)));

    /// <summary>The updates that fill so many hours.</summary>
    /// <param name="hours">Above 0.</param>
    /// <param name="spent">Seconds that measuring has taken already.</param>
    /// <param name="update">Seconds of an update, its share of evaluations and saving included.</param>
    public static long UpdatesOfHours(double hours, double spent, double update) =>
        AtLeastOne(Math.Floor((hours * 3600 - spent) / update));

    private static long AtLeastOne(double updates) => (long)Math.Clamp(updates, 1, int.MaxValue);
}

/// <summary>What a budget counts.</summary>
internal enum BudgetUnit
{
    /// <summary>Updates of the weights.</summary>
    Updates,

    /// <summary>Tokens of samples, padding not counted.</summary>
    Tokens,

    /// <summary>Hours on this machine, turned into updates by measuring once.</summary>
    Hours,
}
