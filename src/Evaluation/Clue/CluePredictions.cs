using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Evaluation.Clue;

/// <summary>What the files of predictions hold of an answer.</summary>
internal static class CluePredictions
{
    /// <summary>A classifier's label, as the files write it.</summary>
    public static Prediction Label(IReadOnlyList<string> model, ClueLabels labels) =>
        (in TextRecord _, Answer answer, Utf8JsonWriter json) =>
            json.WriteStringValue(labels.ToFile(model[((LabelAnswer)answer).Best]));

    /// <summary>c3 and chid: the index of the choice.</summary>
    public static void Choice(in TextRecord record, Answer answer, Utf8JsonWriter json) =>
        json.WriteNumberValue(((ChoiceAnswer)answer).Best);

    /// <summary>cmrc2018: the answer's text.</summary>
    public static void Span(in TextRecord record, Answer answer, Utf8JsonWriter json)
    {
        SpanAnswer span = (SpanAnswer)answer;
        json.WriteStringValue(span.Found ? record.Pair.AsSpan(span.Start, span.End - span.Start) : "");
    }

    /// <summary>cluener: <c>{"name":{"text":[[first,last],…]}}</c>.</summary>
    public static void Entities(in TextRecord record, Answer answer, Utf8JsonWriter json)
    {
        RecordOffsets offsets = new(record);
        string text = record.Text!;   // the task has no pairs
        json.WriteStartObject();
        foreach (IGrouping<string, TextEntity> kind in ((EntityAnswer)answer).Entities.GroupBy(e => e.Label))
        {
            json.WriteStartObject(kind.Key);
            foreach (IGrouping<string, TextEntity> entity in kind.GroupBy(e => text[e.Start..e.End]))
            {
                json.WriteStartArray(entity.Key);
                foreach (TextEntity place in entity)
                {
                    json.WriteStartArray();
                    json.WriteNumberValue(offsets.At(place.Start, inPair: false));
                    json.WriteNumberValue(offsets.At(place.End, inPair: false) - 1);
                    json.WriteEndArray();
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
