using System.Globalization;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Scoring.Tasks;

/// <summary>
/// What the rows of a classifier of texts say besides: the best labels, which are chosen, and where none is.
/// </summary>
/// <remarks>Immutable.</remarks>
public sealed record LabelDecision
{
    /// <summary>So many of the best labels go into <c>top</c>; null: there is no <c>top</c>.</summary>
    public int? Top { get; init; }

    /// <summary>
    /// Labels of at least this probability are chosen, where a text may have several, and stand in <c>top</c>; null: as
    /// the model says, and all stand in <c>top</c>.
    /// </summary>
    public float? Threshold { get; init; }

    /// <summary>
    /// Where the best score is lower, <c>label</c> is null, <c>labels</c> are empty and <c>abstained</c> is true; null:
    /// nowhere.
    /// </summary>
    public float? AbstainBelow { get; init; }

    /// <summary>It, as a part of a task's name; empty where nothing is asked.</summary>
    internal string Name => Part("top", Top) + Part("threshold", Threshold) + Part("abstain below", AbstainBelow);

    private bool IsNone => Top is null && Threshold is null && AbstainBelow is null;

    /// <summary>Refuses what a model cannot do.</summary>
    /// <exception cref="ScoringException">It cannot.</exception>
    internal void Require(HeadConfig head)
    {
        if (IsNone)
            return;
        if (head.Kind != HeadKind.SequenceClassification || head.ProblemType == ProblemType.Regression)
            throw Usage("top, threshold and abstain are for a classifier of texts with labels");
        if (Threshold is not null && Top is null && head.ProblemType != ProblemType.MultiLabel)
            throw Usage(
                "threshold: a text has one label with this model, the best; with top it says which labels stand "
                + "there, and abstain says from which score on there is a label");
        if (Top < 1)
            throw Usage("top is at least 1");
        if (Threshold is not (null or >= 0 and <= 1) || AbstainBelow is not (null or >= 0 and <= 1))
            throw Usage("threshold and abstain are from 0 to 1");
    }

    private static ScoringException Usage(string reason) => new(ScoringFault.Usage, reason);

    private static string Part(string name, IFormattable? value) =>
        value is null ? "" : $", {name} {value.ToString(null, CultureInfo.InvariantCulture)}";
}
