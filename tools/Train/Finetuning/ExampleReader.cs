using System.Text.Json;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Finetuning;

/// <summary>Makes examples of records: tokens as the runtime makes them, and targets of their labels.</summary>
/// <param name="tokenizer">The model's.</param>
/// <param name="head">What is trained.</param>
/// <param name="maxTokens">Longer texts are cut.</param>
internal sealed class ExampleReader(GauTokenizer tokenizer, HeadConfig head, int maxTokens)
{
    private readonly EncodedText encoded = new();
    private readonly LabelNames names = new(head.Labels);

    /// <summary>The example of a record whose label is valid.</summary>
    /// <returns>
    /// Null where nothing can be learned of it: a question whose answer was cut off, or is not there.
    /// </returns>
    public Example? Read(in TextRecord record)
    {
        EncodedSequence[] sequences = Encode(record);
        using JsonDocument label = JsonDocument.Parse(record.Label!);
        JsonElement root = label.RootElement;
        switch (head.Kind)
        {
            case HeadKind.TokenClassification:
                return new Example(sequences, EntityTargets(record, sequences[0], root), []);
            case HeadKind.MultipleChoice:
                return new Example(sequences, [TrainingTask.ChoiceOf(root)], []);
            case HeadKind.QuestionAnswering:
                return AnswerTargets(record.Pair!, sequences[0], root) is { } span
                    ? new Example(sequences, span, []) : null;
            default:
                return head.ProblemType switch
                {
                    ProblemType.Regression => new Example(sequences, [], [(float)ValueEvaluation.Number(root)!.Value]),
                    ProblemType.MultiLabel => new Example(sequences, [], Chosen(root)),
                    _ => new Example(sequences, [names.Find(root)], []),
                };
        }
    }

    /// <summary>A record as the model sees it, without what it should say.</summary>
    public Example Unlabelled(in TextRecord record) => new(Encode(record), [], []);

    private EncodedSequence[] Encode(in TextRecord record)
    {
        if (head.Kind != HeadKind.MultipleChoice)
            return [Encode(record.Text, record.Pair, parsesSpecial: false)];
        EncodedSequence[] choices = new EncodedSequence[record.Choices!.Count];
        for (int i = 0; i < choices.Length; i++)
            choices[i] = record.Text is null
                ? Encode(record.Choices[i], null, parsesSpecial: false)
                : Encode(record.Text, record.Choices[i], record.ParsesSpecial);
        return choices;
    }

    private EncodedSequence Encode(string? text, string? pair, bool parsesSpecial)
    {
        if (pair is null)
            tokenizer.Encode(text, encoded, maxTokens, parsesSpecial);
        else
            tokenizer.EncodePair(text, pair, encoded, head.Segments, maxTokens, parsesSpecial);
        return new EncodedSequence(encoded.Ids.ToArray(), encoded.Segments.ToArray(), encoded.Spans.ToArray());
    }

    private float[] Chosen(JsonElement labels)
    {
        float[] chosen = new float[head.Labels.Count];
        foreach (JsonElement label in labels.EnumerateArray())
            chosen[names.Find(label)] = 1;
        return chosen;
    }

    // B-x for the first token that begins in an entity, I-x for the others.
    private int[] EntityTargets(in TextRecord record, EncodedSequence sequence, JsonElement label)
    {
        (string Label, int Start, int End, bool Pair)[] entities =
            [.. label.EnumerateArray().Select(entity => EntityEvaluation.Read(entity)!.Value)];
        RecordOffsets offsets = new(record);
        bool[] begun = new bool[entities.Length];
        int[] targets = new int[sequence.Places.Length];
        for (int i = 0; i < targets.Length; i++)
        {
            TokenSpan place = sequence.Places[i];
            targets[i] = place.Text < 0 ? Example.NoTarget : 0;
            if (place.Text < 0)
                continue;
            int at = offsets.At(place.Start, place.Text == 1);
            int entity = Array.FindIndex(
                entities, one => one.Pair == (place.Text == 1) && at >= one.Start && at < one.End);
            if (entity < 0)
                continue;
            targets[i] = Index((begun[entity] ? "I-" : "B-") + entities[entity].Label);
            begun[entity] = true;
        }
        return targets;
    }

    private int Index(string label)
    {
        for (int i = 0; i < head.Labels.Count; i++)
            if (head.Labels[i] == label)
                return i;
        throw new ArgumentException($"the head has no label {label}", nameof(label));
    }

    // Where the first answer that stands in the context, and was not cut off, begins and ends.
    private static int[]? AnswerTargets(string context, EncodedSequence sequence, JsonElement label)
    {
        string[] answers = label.ValueKind == JsonValueKind.String
            ? [label.GetString()!] : [.. label.EnumerateArray().Select(answer => answer.GetString()!)];
        foreach (string answer in answers)
        {
            int start = answer.Length == 0 ? -1 : context.IndexOf(answer, StringComparison.Ordinal);
            if (start < 0)
                continue;
            int end = start + answer.Length;
            int first = Array.FindIndex(sequence.Places, place => place.Text == 1 && place.End > start);
            int last = Array.FindLastIndex(sequence.Places, place => place.Text == 1 && place.Start < end);
            if (first >= 0 && last >= first && sequence.Places[last].End >= end)
                return [first, last];
        }
        return null;
    }
}
