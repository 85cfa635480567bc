using System.Text.Json;
using GauRuntime.Answers;

namespace GauRuntime.Evaluation.Rows;

/// <summary>
/// Reads probabilities by label or by choice. The labels of the row before are kept: as long as they are the same,
/// which is always so in one model's results, no string is made.
/// </summary>
internal sealed class JsonProbabilities
{
    private string[] labels = [];

    /// <summary>Reads an object, of labels, or an array, of choices.</summary>
    /// <exception cref="ResultFault">It is neither, or no probabilities.</exception>
    public NumbersAnswer Read(ref Utf8JsonReader reader, string field)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            ChoiceAnswer choices = new();
            JsonValues.List(ref reader, field, JsonValues.Number, choices.Numbers);
            return choices;
        }
        if (reader.TokenType != JsonTokenType.StartObject)
            throw JsonValues.Unexpected(ref reader, field, "an object or an array");
        LabelAnswer answer = new();
        List<float> values = answer.Numbers;
        values.EnsureCapacity(labels.Length);
        List<string>? changed = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int i = values.Count;
            JsonValues.CheckRoom(i, field);
            if (changed is null && (i == labels.Length || !reader.ValueTextEquals(labels[i])))
                changed = [.. labels[..i]];
            changed?.Add(reader.GetString()!);
            reader.Read();
            values.Add(JsonValues.Number(ref reader, field));
        }
        if (changed is not null || values.Count < labels.Length)
            labels = Distinct(changed ?? [.. labels[..values.Count]], field);
        answer.Labels = labels;
        return answer;
    }

    private static string[] Distinct(List<string> labels, string field)
    {
        HashSet<string> seen = new(labels.Count, StringComparer.Ordinal);
        foreach (string label in labels)
        {
            if (!seen.Add(label))
                throw new ResultFault($"field '{field}': label '{label}' stands there twice");
        }
        return [.. labels];
    }
}
