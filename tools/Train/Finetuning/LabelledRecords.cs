using System.Text.Json;
using GauRuntime.Evaluation;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;

namespace GauRuntime.Train.Finetuning;

/// <summary>Records with a label, kept in memory, and why others were left out.</summary>
/// <param name="Records">In the order of the inputs, without errors.</param>
/// <param name="Rejected">The others.</param>
internal sealed record LabelledRecords(IReadOnlyList<TextRecord> Records, RejectReasons Rejected)
{
    /// <summary>Reads all records.</summary>
    /// <param name="inputs">At least one.</param>
    /// <param name="fields">Which fields mean what, the label's too.</param>
    /// <param name="fault">Why a label of a record is none, or null.</param>
    /// <exception cref="GauFormatException">
    /// An input is malformed, lacks a column that is asked for, or no record has a label.
    /// </exception>
    public static LabelledRecords Read(
        IReadOnlyList<InputFile> inputs, RecordFields fields, Func<TextRecord, JsonElement, string?> fault)
    {
        List<TextRecord> records = [];
        RejectReasons rejected = new();
        (string Place, string Reason)? first = null;
        using RecordSource source = new(inputs, fields)
        {
            Check = record => Fault(record, fields.Label!, fault),
        };
        while (source.Next() is { } record)
        {
            if (record.Error is { } error)
            {
                rejected.Add(error);
                first ??= ($"{record.Place.Unit} {record.Place.Line}", error);
                continue;
            }
            records.Add(record);
        }
        if (records.Count > 0)
            return new LabelledRecords(records, rejected);
        throw new GauFormatException(
            inputs[0].Name, first?.Place ?? "file", first is null
                ? "there are no records" : $"no record has a text and a label; of the first: {first.Value.Reason}");
    }

    /// <summary>The label of a record that has one.</summary>
    public static T Label<T>(in TextRecord record, Func<JsonElement, T> read)
    {
        using JsonDocument label = LabelField.Of(record)!;
        return read(label.RootElement);
    }

    private static string? Fault(TextRecord record, string field, Func<TextRecord, JsonElement, string?> fault)
    {
        using JsonDocument? label = LabelField.Of(record);
        if (label is null)
            return $"no field '{field}' with a label";
        try
        {
            return fault(record, label.RootElement);
        }
        catch (InvalidOperationException)
        {
            return $"field '{field}': a string holds half of a surrogate pair";
        }
    }
}
