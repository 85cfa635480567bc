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
    /// <param name="mayBeSpelled">Whether a text that is an array of JSON, as in a table, is that array.</param>
    public static JsonDocument? Of(in TextRecord record, bool mayBeSpelled = false)
    {
        if (record.Label is null or "null")
            return null;
        JsonDocument label = JsonDocument.Parse(record.Label);
        if (!mayBeSpelled || label.RootElement.ValueKind != JsonValueKind.String
            || Spelled(label.RootElement) is not { } spelled)
            return label;
        label.Dispose();
        return spelled;
    }

    /// <summary>Why a record cannot be evaluated, or null.</summary>
    public string? Check(TextRecord record)
    {
        using JsonDocument? label = Of(record, evaluation.TakesArrays);
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
