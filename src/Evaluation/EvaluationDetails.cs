using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Evaluation;

/// <summary>What a page shows of an evaluation beside its figures. Memory does not grow with the records.</summary>
/// <param name="evaluation">Says what an answer means.</param>
internal sealed class EvaluationDetails(HeadEvaluation evaluation)
{
    /// <summary>How long the texts are.</summary>
    public LengthCounts Lengths { get; } = new();

    /// <summary>The worst answers.</summary>
    public WorstRecords Worst { get; } = new();

    /// <summary>Takes a record that was compared.</summary>
    /// <param name="record">With a label.</param>
    /// <param name="answer">Its answer.</param>
    /// <param name="label">Its label.</param>
    /// <param name="fault">How wrong the answer is.</param>
    internal void Add(TextRecord record, Answer answer, JsonElement label, double fault)
    {
        Lengths.Add(answer.Text.Tokens, fault > 0);
        Worst.Add(fault, record.Number, () => new WorstRecord(
            record.Number, record.Id.ToString(), $"{record.Place.Source}, {record.Place.Unit} {record.Place.Line}",
            [.. Texts(record).Select(WorstRecords.Shortened)],
            WorstRecords.Shortened(label.ValueKind == JsonValueKind.String ? label.GetString()! : label.GetRawText()),
            WorstRecords.Shortened(evaluation.Shown(record, answer))));
    }

    private static IEnumerable<string> Texts(TextRecord record)
    {
        if (record.Text is { } text)
            yield return text;
        if (record.Pair is { } pair)
            yield return pair;
        foreach (string choice in record.Choices ?? [])
            yield return choice;
    }
}
