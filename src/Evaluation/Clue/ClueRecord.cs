using System.Text.Json;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Evaluation.Clue;

/// <summary>What a task's texts become.</summary>
/// <param name="task">Its name, for messages.</param>
/// <param name="labels">Its labels and the model's.</param>
/// <param name="answers">Labels from a file of their own, by id.</param>
internal sealed class ClueContext(string task, ClueLabels labels, IReadOnlyDictionary<string, int>? answers)
{
    public IReadOnlyDictionary<string, int>? Answers { get; } = answers;

    /// <summary>A label of a file as a record for the model has it, or null where there is none.</summary>
    /// <exception cref="ClueFault">The task has no such label.</exception>
    public string? Label(JsonElement element)
    {
        if ((element.Given("label") ?? element.Given("gold_label")) is not { } label)
            return null;
        string text = label.ValueKind == JsonValueKind.String ? label.GetString()! : label.GetRawText();
        return ClueText.Quoted(
            labels.OfFile(text) ?? throw new ClueFault($"label '{text}': {task} has no such label"));
    }
}

/// <summary>A record of a CLUE file.</summary>
internal sealed record ClueRecord
{
    public RecordId? Id { get; init; }

    public string? Text { get; init; }

    public string? Pair { get; init; }

    public IReadOnlyList<string>? Choices { get; init; }

    public bool ParsesSpecial { get; init; }

    /// <summary>As JSON, in the form that evaluations take.</summary>
    public string? Label { get; init; }

    /// <summary>Why it is no record.</summary>
    public string? Error { get; init; }
}

/// <summary>Makes the records of one element of a task's file.</summary>
internal delegate IEnumerable<ClueRecord> ClueReading(JsonElement element, ClueContext context);

/// <summary>A record is not laid out as its task's are.</summary>
internal sealed class ClueFault(string reason) : Exception(reason);
