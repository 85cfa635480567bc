using System.Text.Json;
using GauRuntime.Heads;
using GauRuntime.Scoring.Results;
using GauRuntime.Text;

namespace GauRuntime.Scoring.Tasks;

/// <summary>Token classification: <c>entities</c> with label, score, text and offsets in code points.</summary>
internal sealed class EntityTask(GauModel model) : RecordTask(model)
{
    private const long BytesPerEntity = 128;   // of one token

    private readonly EntityScheme scheme = new(model.Head.Labels);

    internal override IReadOnlyList<ResultColumn> Columns { get; } = [new("entities", ResultType.Json)];

    internal override bool KeepsTokens => true;

    internal override long RowBytes(string? text, string? pair, int tokens) => BytesPerRow + tokens * BytesPerEntity;

    internal override string? Answer(in BatchEntry entry, Scratch scratch, ResultRows rows)
    {
        Span<float> logits = scratch.Values(Model.Head.OutputCount);
        List<Entity> entities = [];
        EntityBuilder builder = new(scheme, entities);
        int start = scratch.Batch.Start(entry.FirstText);
        for (int i = 0; i < entry.Spans.Length; i++)
        {
            if (entry.Spans[i].Text < 0)
                continue;
            ClassifierHead.TokenLogits(Model, scratch.Workspace, start + i, logits);
            if (!Probabilities.AllFinite(logits))
                return NotFinite;
            Probabilities.Softmax(logits);
            int best = Probabilities.Best(logits);
            builder.Add(entry.Spans[i], best, logits[best]);
        }
        builder.Close();
        rows.Begin();
        Write(entry, entities, rows);
        return null;
    }

    private static void Write(in BatchEntry entry, List<Entity> entities, ResultRows rows)
    {
        Utf8JsonWriter json = rows.BeginNested("entities");
        CodePointOffsets first = new(entry.Record.Text);
        CodePointOffsets second = new(entry.Record.Pair);
        json.WriteStartArray();
        foreach (Entity entity in entities)
        {
            bool inPair = entity.Text == 1;
            string text = inPair ? entry.Record.Pair! : entry.Record.Text!;
            json.WriteStartObject();
            json.WriteString("label"u8, entity.Label);
            json.WriteNumber("score"u8, entity.Score);
            json.WriteNumber("start"u8, inPair ? second.At(entity.Start) : first.At(entity.Start));
            json.WriteNumber("end"u8, inPair ? second.At(entity.End) : first.At(entity.End));
            json.WriteString("text"u8, text.AsSpan(entity.Start, entity.End - entity.Start));
            if (inPair)
                json.WriteBoolean("pair"u8, true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        rows.EndNested();
    }
}
