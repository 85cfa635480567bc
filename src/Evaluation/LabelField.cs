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
    public static JsonDocument? Of(in TextRecord record) =>
        record.Label is null or "null" ? null : JsonDocument.Parse(record.Label);

    /// <summary>Why a record cannot be evaluated, or null.</summary>
    public string? Check(TextRecord record)
    {
        using JsonDocument? label = Of(record);
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
}
