using System.Text.Json;
using GauRuntime.Heads;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;

namespace GauRuntime.Scoring.Tasks;

/// <summary>
/// Multiple choice: the zero-based <c>choice</c>, its <c>score</c>, and <c>probabilities</c> in the order of the
/// choices.
/// </summary>
/// <remarks>
/// Each choice makes the pair text + choice, or a single text where the record has no text. softmax over the choices.
/// </remarks>
internal sealed class ChoiceTask(GauModel model) : RecordTask(model)
{
    public override RecordFields DefaultFields => new() { Choices = "choices" };

    internal override IReadOnlyList<ResultColumn> Columns { get; } =
    [
        new("choice", ResultType.Whole), new("score", ResultType.Number), new("probabilities", ResultType.Numbers),
    ];

    internal override int MostSequences => JsonRecord.MostChoices;

    internal override long RowBytes(string? text, string? pair, int tokens) =>
        BytesPerRow + MostSequences * BytesPerNumber;

    internal override string? Encode(in TextRecord record, int maxLength, EncodedRecord into)
    {
        foreach (string choice in record.Choices!)
        {
            if (record.Text is { } text)
                Encode(text, choice, maxLength, into, record.ParsesSpecial);
            else
                Encode(choice, null, maxLength, into);
        }
        return null;
    }

    internal override string? Answer(in BatchEntry entry, Scratch scratch, ResultRows rows)
    {
        Span<float> logits = scratch.Values(entry.TextCount);
        for (int i = 0; i < logits.Length; i++)
        {
            int text = scratch.Find(entry.FirstText + i);
            ClassifierHead.SequenceLogits(Model, scratch.Workspace, scratch.Batch, text, logits.Slice(i, 1));
        }
        if (!Probabilities.AllFinite(logits))
            return NotFinite;
        Probabilities.Softmax(logits);
        int best = Probabilities.Best(logits);
        rows.Begin();
        rows.Count("choice", best);
        rows.Number("score", logits[best]);
        Utf8JsonWriter json = rows.BeginNested("probabilities");
        json.WriteStartArray();
        foreach (float probability in logits)
            json.WriteNumberValue(probability);
        json.WriteEndArray();
        rows.EndNested();
        return null;
    }
}
