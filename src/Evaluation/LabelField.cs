using System.Text.Json;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Evaluation;

/// <summary>Where the label of a record stands, and whether it is one.</summary>
/// <param name="name">The field; one of those that are carried to the result.</param>
/// <param name="isRequired">Whether a record without it is rejected, or only predicted.</param>
/// <param name="evaluation">Knows what a label is.</param>
internal sealed class LabelField(string name, bool isRequired, HeadEvaluation evaluation)
{
    /// <summary>What the field is called.</summary>
    public string Name => name;

    /// <summary>Whether every record has to have it.</summary>
    public bool IsRequired => isRequired;

    /// <summary>Why a record cannot be evaluated, or null.</summary>
    public string? Check(TextRecord record)
    {
        using JsonDocument others = JsonDocument.Parse("{" + record.Others + "}");
        try
        {
            return Find(others.RootElement) is { } label
                ? evaluation.Fault(label)
                : isRequired ? $"no field '{name}' with a label" : null;
        }
        catch (InvalidOperationException)
        {
            return $"field '{name}': a string holds half of a surrogate pair";
        }
    }

    /// <summary>The label of a result row, or null.</summary>
    public JsonElement? OfRow(JsonElement row) =>
        row.TryGetProperty("fields"u8, out JsonElement fields) ? Find(fields) : null;

    private JsonElement? Find(JsonElement fields) =>
        fields.TryGetProperty(name, out JsonElement label) && label.ValueKind != JsonValueKind.Null ? label : null;
}
