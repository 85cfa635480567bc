using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;

namespace GauRuntime.Scoring.Tasks;

/// <summary>Token classification: <c>entities</c> with label, score, text and offsets in code points.</summary>
internal sealed class EntityTask(EntityHead head) : RecordTask(head)
{
    private const long BytesPerEntity = 128;   // of one token

    internal override IReadOnlyList<ResultColumn> Columns { get; } = [new("entities", ResultType.Json)];

    internal override long RowBytes(string? text, string? pair, int tokens) => BytesPerRow + tokens * BytesPerEntity;

    private protected override void Write(Answer answer, in TextRecord record, ResultRows rows)
    {
        Utf8JsonWriter json = rows.BeginNested("entities");
        RecordOffsets offsets = new(record);
        json.WriteStartArray();
        foreach (TextEntity entity in ((EntityAnswer)answer).Entities)
        {
            string text = entity.InPair ? record.Pair! : record.Text!;
            json.WriteStartObject();
            json.WriteString("label"u8, entity.Label);
            json.WriteNumber("score"u8, entity.Score);
            json.WriteNumber("start"u8, offsets.At(entity.Start, entity.InPair));
            json.WriteNumber("end"u8, offsets.At(entity.End, entity.InPair));
            json.WriteString("text"u8, text.AsSpan(entity.Start, entity.End - entity.Start));
            if (entity.InPair)
                json.WriteBoolean("pair"u8, true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        rows.EndNested();
    }
}
