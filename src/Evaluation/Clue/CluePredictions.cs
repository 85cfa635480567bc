using System.Text.Json;

namespace GauRuntime.Evaluation.Clue;

/// <summary>Predictions as one object <c>{"id":answer,…}</c>.</summary>
internal abstract class CluePredictions(Stream output) : PredictionWriter(output)
{
    private bool isFirst = true;

    public override void Begin() => Write("{"u8);

    public override void Add(JsonElement row)
    {
        Write(isFirst ? "\n"u8 : ",\n"u8);
        isFirst = false;
        JsonElement id = row.GetProperty("id"u8);
        Write(json => json.WriteStringValue(id.ValueKind == JsonValueKind.String ? id.GetString() : id.GetRawText()));
        Write(": "u8);
        Write(json => WriteAnswer(row, json));
    }

    public override void End() => Write("\n}\n"u8);

    private protected abstract void WriteAnswer(JsonElement row, Utf8JsonWriter json);
}

/// <summary>cmrc2018: the answer's text.</summary>
internal sealed class AnswerPredictions(Stream output) : CluePredictions(output)
{
    private protected override void WriteAnswer(JsonElement row, Utf8JsonWriter json) =>
        json.WriteStringValue(row.GetProperty("answer"u8).GetString() ?? "");
}

/// <summary>chid: the index of the candidate.</summary>
internal sealed class ChoicePredictions(Stream output) : CluePredictions(output)
{
    private protected override void WriteAnswer(JsonElement row, Utf8JsonWriter json) =>
        row.GetProperty("choice"u8).WriteTo(json);
}
