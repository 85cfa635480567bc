using System.Globalization;
using GauRuntime.Tools;

namespace GauRuntime.Convert.Auto;

/// <summary>How far the answers of a stored model may be from those of the exact one.</summary>
/// <param name="Share">
/// The most that the mean absolute difference of a probability or a score, or 1 − the cosine of vectors, may be, and
/// the most of the texts whose label may change.
/// </param>
internal sealed record AutoTarget(double Share)
{
    /// <summary>A percentage, as in <c>0.1%</c>.</summary>
    /// <exception cref="ToolException">It is not a percentage, or not within 0 to 100.</exception>
    public static AutoTarget Parse(string text)
    {
        bool percent = text.EndsWith('%');
        if (!percent || !double.TryParse(
                text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            || !(value <= 100))
            throw new ToolException(ExitCode.Usage, $"--auto: '{text}' is no percentage from 0% to 100%, such as 0.1%");
        return new AutoTarget(value / 100);
    }

    /// <summary>Whether a drift is within it.</summary>
    public bool Allows(Drift drift) => drift.Mean <= Share && drift.Changed <= Share;

    /// <summary>How many texts, none of them changed, prove the share of changes: ln 0.05 / ln(1 − share).</summary>
    public double ChoicesToProve => Share switch
    {
        0 => double.PositiveInfinity,
        >= 1 => 1,
        _ => Math.Ceiling(Math.Log(0.05) / Math.Log(1 - Share)),
    };

    public override string ToString() => (Share * 100).ToString("0.######", CultureInfo.InvariantCulture) + "%";
}

/// <summary>How far the answers of a model are from those of the exact one.</summary>
/// <param name="Mean">
/// Mean absolute difference of a probability: of every label of every text, or, where the head gives no labels, of the
/// exact model's best token for every masked character. Of a score, its mean absolute difference; of vectors, the mean
/// of 1 − cosine.
/// </param>
/// <param name="Changed">
/// Share of the texts, or masked characters, whose best label or token changed; 0 of scores and vectors.
/// </param>
internal readonly record struct Drift(double Mean, double Changed);
