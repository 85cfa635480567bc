using GauRuntime.Evaluation.Rows;

namespace GauRuntime.Evaluation.Comparison;

/// <summary>Compares the two rows of a record, and adds what it finds to a report.</summary>
internal sealed class RowComparison(ComparisonReport report)
{
    private readonly ProbabilityPairs pairs = new(report.Probabilities);

    /// <summary>Compares rows of the same id.</summary>
    public void Add(ResultRow a, ResultRow b)
    {
        report.Records++;
        if (a.Rejected && b.Rejected)
            report.RejectedInBoth++;
        else if (a.Rejected)
            report.RejectedOnlyInA++;
        else if (b.Rejected)
            report.RejectedOnlyInB++;
        else
            Compare(a, b);
    }

    private void Compare(ResultRow a, ResultRow b)
    {
        foreach (FieldGap gap in report.AllGaps)
            gap.Add(a, b);
        CompareWords(a, b);
        CompareNumbers(a, b, a.Id!);
    }

    private void CompareWords(ResultRow a, ResultRow b)
    {
        if (a.Label is { } from && b.Label is { } to)
        {
            report.Label.Add(from == to);
            if (from != to)
                report.Shifts.Add(from, to);
        }
        // JSON says it only where it is so.
        if (a.Abstained is true || b.Abstained is true)
            report.Abstained.Add(a.Abstained is true && b.Abstained is true);
        if (a.Labels is { } labels && b.Labels is { } otherLabels)
            report.Labels.Add(labels.ToHashSet(StringComparer.Ordinal).SetEquals(otherLabels));
        if (a.Choice is { } choice && b.Choice is { } otherChoice)
            report.Choice.Add(choice == otherChoice);
        if (a.Answer is { } answer && b.Answer is { } otherAnswer)
        {
            report.Answer.Add(answer == otherAnswer);
            report.AnswerPlace.Add((a.Start, a.End) == (b.Start, b.End));
        }
        if (a.Tokens is { } tokens && b.Tokens is { } otherTokens)
            report.Tokens.Add(tokens == otherTokens);
        if (a.Truncated is { } truncated && b.Truncated is { } otherTruncated)
            report.Truncated.Add(truncated == otherTruncated);
    }

    private void CompareNumbers(ResultRow a, ResultRow b, string id)
    {
        if (a.Score is { } score && b.Score is { } otherScore)
            report.Score.Add(score, otherScore, id);
        if (a.Value is { } value && b.Value is { } otherValue)
            report.Value.Add(value.Values[0], otherValue.Values[0], id);
        if (a.Entities is { } entities && b.Entities is { } otherEntities)
            report.EntityLists.Add(
                report.Entities.Add(entities.Entities, otherEntities.Entities, id, report.EntityScores));
        if (a.Probabilities is { } probabilities && b.Probabilities is { } otherProbabilities
            && !pairs.Add(probabilities, otherProbabilities, id))
            NoteShape("probabilities");
        if (a.Embedding is { } vector && b.Embedding is { } otherVector)
            CompareEmbeddings(vector.Numbers, otherVector.Numbers, id);
        if (a.Masks is { } masks && b.Masks is { } otherMasks)
            CompareMasks(masks, otherMasks, id);
        if (a.Results is { } ranking && b.Results is { } otherRanking)
            CompareRankings(ranking, otherRanking, id);
    }

    private void CompareRankings(List<RankedResult> a, List<RankedResult> b, string id)
    {
        if (a.Count + b.Count > 0)
            report.BestCandidates.Add(a.Count > 0 && b.Count > 0 && a[0].Id == b[0].Id);
        report.Rankings.Add(a, b, id, report.Score, report.Truncated);
    }

    private void CompareEmbeddings(List<float> a, List<float> b, string id)
    {
        if (a.Count != b.Count)
        {
            NoteShape("embedding");
            return;
        }
        for (int i = 0; i < a.Count; i++)
            report.Embedding.Add(a[i], b[i], id);
        report.Cosine.Add(a, b, id);
    }

    private void CompareMasks(List<FilledToken> a, List<FilledToken> b, string id)
    {
        if (a.Count != b.Count)
        {
            NoteShape("masks");
            return;
        }
        for (int i = 0; i < a.Count; i++)
        {
            bool same = a[i].Token == b[i].Token;
            report.BestTokens.Add(same);
            if (same)
                report.BestTokenProbabilities.Add(a[i].Probability, b[i].Probability, id);
        }
    }

    private void NoteShape(string field) => report.AllGaps.First(gap => gap.Name == field).OtherShape++;
}
