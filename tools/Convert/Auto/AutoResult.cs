using System.Globalization;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Auto;

/// <summary>A way to store all of a model, for comparison.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Drift">Measured on the texts to choose on.</param>
/// <param name="Speed">By the cost model, against what the converter writes unless told.</param>
internal sealed record AutoBaseline(string Name, Drift Drift, double Speed);

/// <summary>One change towards more exactness.</summary>
/// <param name="Unit">What is stored another way.</param>
/// <param name="From">As before.</param>
/// <param name="To">As now.</param>
/// <param name="Estimate">The mean drift to be expected from here.</param>
/// <param name="Measured">The drift on the texts to choose on, where it was measured; else null.</param>
/// <param name="Speed">By the cost model, against what the converter writes unless told.</param>
internal sealed record AutoStep(
    string Unit, StorageOption From, StorageOption To, double Estimate, Drift? Measured, double Speed);

/// <summary>What a search chose, and why.</summary>
/// <param name="Target">What was asked for.</param>
/// <param name="Chosen">What was chosen, in words.</param>
/// <param name="Baselines">All matrices alike; and the fastest way of all, where that is another.</param>
/// <param name="Steps">From the fastest baseline to what was chosen; none where that is a baseline.</param>
/// <param name="Drift">Of what was chosen, measured on the texts to choose on.</param>
/// <param name="Speed">Of what was chosen, by the cost model.</param>
/// <param name="Scheme">How matrices are stored.</param>
/// <param name="Attention">How attention multiplies.</param>
/// <param name="Texts">How many texts chose.</param>
/// <param name="Judged">What the other texts say of what was chosen.</param>
/// <param name="Plans">How many plans they judged, the last of which was taken.</param>
internal sealed record AutoResult(
    AutoTarget Target, string Chosen, IReadOnlyList<AutoBaseline> Baselines, IReadOnlyList<AutoStep> Steps, Drift Drift,
    double Speed, StorageScheme Scheme, AttentionType Attention, int Texts, Judgement Judged, int Plans)
{
    /// <summary>What is known of other texts, in words.</summary>
    public string Promise
    {
        get
        {
            string bound = string.Create(
                CultureInfo.InvariantCulture,
                $"judged on {Judged.Texts} other texts: drift {100 * Judged.Mean:0.####} % (95 %: at most "
                    + $"{100 * Judged.MeanBound:0.####} %)");
            if (Judged.Choices > 0)
                bound += string.Create(
                    CultureInfo.InvariantCulture,
                    $", {Judged.Changed} of {Judged.Choices} changed: at most {100 * Judged.ChangedBound:0.0##} %");
            string proof = Judged.Proves(Target) || Target.Share == 0 || Judged.Choices == 0 ? ""
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"; {Target.ChoicesToProve:0} to judge on, none of them changed, would prove {Target}");
            return bound + proof
                + (Plans == 1 ? "" : $"; {Plans} plans were judged, each bound holds for its plan alone");
        }
    }
}
