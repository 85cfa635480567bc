using GauRuntime.Evaluation.Statistics;

namespace GauRuntime.Convert.Measurement;

/// <summary>What the stored model's texts show.</summary>
/// <param name="Texts">Texts measured.</param>
/// <param name="Rejected">Records without a text.</param>
/// <param name="Tokens">Tokens of the texts.</param>
/// <param name="Layers">Per layer, from the embedding on.</param>
/// <param name="Labels">The labels; null where the head gives none.</param>
/// <param name="Vectors">The vectors; null where the model is there for something else.</param>
/// <param name="Scores">The scores; null where the head gives none.</param>
/// <param name="Masks">The masked LM.</param>
internal sealed record Results(
    int Texts, int Rejected, long Tokens, IReadOnlyList<LayerResult> Layers, LabelResult? Labels, VectorResult? Vectors,
    ScoreResult? Scores, MaskResult Masks);

/// <summary>The vectors of the texts, after all of the model's steps.</summary>
/// <param name="Texts">Texts.</param>
/// <param name="Dimensions">Numbers of a vector.</param>
/// <param name="MeanCosine">Mean cosine between the vectors of a text, exact and stored.</param>
/// <param name="Cosine5">5 % of the texts have a lower one, or this.</param>
/// <param name="WorstCosine">The lowest.</param>
/// <param name="WorstText">Id of the first text that has it.</param>
/// <param name="MeanDifference">Mean over texts and dimensions of |v − v̂|.</param>
/// <param name="LargestDifference">The largest |v − v̂|.</param>
/// <param name="LargestText">Id of the first text that has it.</param>
internal sealed record VectorResult(
    int Texts, int Dimensions, double MeanCosine, double Cosine5, double WorstCosine, string WorstText,
    double MeanDifference, double LargestDifference, string LargestText);

/// <summary>The scores of the texts, or pairs, after their activation.</summary>
/// <param name="Texts">Texts.</param>
/// <param name="MeanDrift">Mean of |s − ŝ|.</param>
/// <param name="Drift95">95 % of the texts have no larger one.</param>
/// <param name="LargestDrift">The largest.</param>
/// <param name="LargestText">Id of the first text that has it.</param>
/// <param name="Correlation">Spearman's ρ between the texts' orders by s and by ŝ; null where one is constant.</param>
internal sealed record ScoreResult(
    int Texts, double MeanDrift, double Drift95, double LargestDrift, string LargestText, double? Correlation);

/// <summary>Hidden states after a layer.</summary>
/// <param name="Layer">0: the embedding.</param>
/// <param name="SignalToNoise">10 log₁₀(Σ x² / Σ (x − x̂)²), in dB; infinite where they are equal.</param>
/// <param name="MeanCosine">Mean cosine of x and x̂ over tokens.</param>
/// <param name="WorstCosine">The lowest.</param>
/// <param name="WorstText">Id of the text that has it.</param>
/// <param name="WorstCharacter">The character in it, from 0, in code points.</param>
/// <param name="WorstToken">The characters of the token.</param>
/// <param name="Outliers">The channels with the largest max |x| / rms, largest first.</param>
internal sealed record LayerResult(
    int Layer, double SignalToNoise, double MeanCosine, double WorstCosine, string WorstText, int WorstCharacter,
    string WorstToken, IReadOnlyList<(int Channel, double Ratio)> Outliers);

/// <summary>The labels of the texts.</summary>
internal sealed record LabelResult
{
    public required int Texts { get; init; }

    /// <summary>Texts with the same label.</summary>
    public required int Same { get; init; }

    /// <summary>Mean over texts and labels of |p − p̂|.</summary>
    public required double MeanDrift { get; init; }

    /// <summary>95 % of the texts have no label whose |p − p̂| is larger.</summary>
    public required double Drift95 { get; init; }

    /// <summary>The largest |p − p̂|.</summary>
    public required double LargestDrift { get; init; }

    /// <summary>Per text the largest |p − p̂|, ascending.</summary>
    public required IReadOnlyList<float> Drifts { get; init; }

    /// <summary>The first texts that changed their label.</summary>
    public required IReadOnlyList<ChangedText> Changed { get; init; }

    /// <summary>Where the true labels are known, of those texts; else null.</summary>
    public required AccuracyResult? Accuracy { get; init; }

    /// <summary>95 % interval of the share with the same label.</summary>
    public ConfidenceInterval Interval => ConfidenceInterval.Wilson(Same, Texts);
}

/// <summary>A text that got another label.</summary>
/// <param name="Id">What names it.</param>
/// <param name="Text">Its beginning.</param>
/// <param name="True">Its true label, or null.</param>
/// <param name="Exact">The label of the exact model.</param>
/// <param name="ExactProbability">Its probability there.</param>
/// <param name="Stored">The label of the stored model.</param>
/// <param name="StoredProbability">Its probability there.</param>
internal sealed record ChangedText(
    string Id, string Text, string? True, string Exact, float ExactProbability, string Stored, float StoredProbability);

/// <summary>Both models against the truth.</summary>
/// <param name="Texts">Texts with a label that the model knows.</param>
/// <param name="Exact">Right, exact model.</param>
/// <param name="Stored">Right, stored model.</param>
/// <param name="OnlyExact">Right by the exact model alone.</param>
/// <param name="OnlyStored">Right by the stored model alone.</param>
internal sealed record AccuracyResult(int Texts, int Exact, int Stored, int OnlyExact, int OnlyStored)
{
    /// <summary>Exact McNemar test of both being equally good.</summary>
    public double McNemar => McNemarTest.Exact(OnlyExact, OnlyStored);
}

/// <summary>The masked LM on every seventh character.</summary>
/// <param name="Masks">Masked characters.</param>
/// <param name="SameBest">Share with the same best token.</param>
/// <param name="SharedTop">Share of the five best tokens that both have.</param>
/// <param name="Divergence">Mean KL(P ‖ P̂) in nats.</param>
/// <param name="AccuracyExact">Share where the best token is the hidden one, exact model.</param>
/// <param name="AccuracyStored">The same, stored model.</param>
internal sealed record MaskResult(
    long Masks, double SameBest, double SharedTop, double Divergence, double AccuracyExact, double AccuracyStored)
{
    public static MaskResult Of(MaskSums sums)
    {
        double n = Math.Max(1, sums.Masks);
        return new MaskResult(sums.Masks, sums.SameBest / n, sums.SharedTop / (5 * n), sums.Divergence / n,
            sums.RightExact / n, sums.RightStored / n);
    }
}
