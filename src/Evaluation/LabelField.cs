using System.Text.Json;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Evaluation;

/// <summary>The labels of records, and whether each is one.</summary>
/// <param name="name">The field; one of those that are carried to the result.</param>
/// <param name="isRequired">Whether a record without it is rejected, or only predicted.</param>
/// <param name="evaluation">Knows what a label is.</param>
internal sealed class LabelField(string name, bool isRequired, HeadEvaluation evaluation)
{
    /// <summary>What the field is called.</summary>
    public string Name => name;

    /// <summary>Whether every record has to have it.</summary>
    public bool IsRequired => isRequired;

    /// <summary>The label of a record, or null; to be disposed.</summary>
    /// <param name="record">The record.</param>
    /// <param name="evaluation">
    /// Where it is given, a text that spells an array which is a label is that array: a cell of a table holds no other.
    /// </param>
    public static JsonDocument? Of(in TextRecord record, HeadEvaluation? evaluation = null)
    {
        if (record.Label is null or "null")
            return null;
        JsonDocument label = JsonDocument.Parse(record.Label);
        if (evaluation is null || !evaluation.TakesArrays || label.RootElement.ValueKind != JsonValueKind.String
            || Spelled(label.RootElement) is not { } spelled)
            return label;
        (JsonDocument taken, JsonDocument other) =
            evaluation.Fault(record, spelled.RootElement) is null ? (spelled, label) : (label, spelled);
        other.Dispose();
        return taken;
    }

    /// <summary>Why a record cannot be evaluated, or null.</summary>
    public string? Check(TextRecord record)
    {
        using JsonDocument? label = Of(record, evaluation);
        if (label is null)
            return isRequired ? $"no field '{name}' with a label" : null;
        try
        {
            return evaluation.Fault(record, label.RootElement);
        }
        catch (InvalidOperationException)
        {
            return $"field '{name}': a string holds half of a surrogate pair";
        }
    }

    private static JsonDocument? Spelled(JsonElement text)
    {
        try
        {
            return text.GetString() is ['[', ..] json ? JsonDocument.Parse(json) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;   // a text that only begins so, or holds half of a surrogate pair
        }
    }
}
