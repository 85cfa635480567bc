using System.Globalization;

namespace GauRuntime.Evaluation.Comparison;

/// <summary>Whether two files differ by more than a tolerance.</summary>
internal static class ToleranceCheck
{
    /// <summary>What is beyond it: a number that differs by more, or anything else that differs at all.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="tolerance">The largest |Δ| of a number that is allowed.</param>
    /// <returns>Each in a few words; empty where all is within.</returns>
    public static IReadOnlyList<string> Beyond(ComparisonReport report, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(report);
        List<string> beyond = [];
        if (report.RejectedOnlyInA + report.RejectedOnlyInB is > 0 and long rejected)
            beyond.Add(Text($"rejected: {rejected} in one file only"));
        foreach (FieldGap gap in report.Gaps)
            beyond.Add(Text($"{gap.Name}: {gap.Records} not comparable"));
        if (report.Rankings.InOneOnly is > 0 and long candidates)
            beyond.Add(Text($"results: {candidates} candidates in one file only"));
        foreach (Agreement agreement in report.Agreements)
        {
            if (agreement.Different > 0)
                beyond.Add(Text($"{agreement.Name}: {agreement.Different} of {agreement.Compared} differ"));
        }
        foreach (Drift drift in report.Drifts)
        {
            if (drift.Max > tolerance)
                beyond.Add(Text($"{drift.Name}: |Δ| {drift.Max:G4} at id '{drift.MaxId}'"));
        }
        return beyond;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
