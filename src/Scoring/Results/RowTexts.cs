using System.Buffers;
using System.Text;
using System.Text.Json;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Results;

/// <summary>The texts of a record that stand in its row: <c>text</c>, <c>pair</c>, <c>choices</c>.</summary>
/// <param name="Fields">Which there are, and whether they are kept; null: they are not.</param>
/// <param name="Record">The record.</param>
internal readonly record struct RowTexts(RecordFields? Fields, TextRecord Record)
{
    private const string TextName = "text", PairName = "pair", ChoicesName = "choices";

    /// <summary>The columns, whatever the fields of the records are called.</summary>
    public static IReadOnlyList<ResultColumn> Columns(RecordFields fields) => fields.KeepTexts
        ?
        [
            new(TextName, ResultType.Text),
            .. fields.Pair is null ? Array.Empty<ResultColumn>() : [new(PairName, ResultType.Text)],
            .. fields.Choices is null ? Array.Empty<ResultColumn>() : [new(ChoicesName, ResultType.Json)],
        ]
        : [];

    /// <summary>They as cells, one for each column; choices as JSON.</summary>
    public IReadOnlyList<string> Cells()
    {
        if (Fields is not { KeepTexts: true })
            return [];
        List<string> cells = [Record.Text ?? ""];
        if (Fields.Pair is not null)
            cells.Add(Record.Pair ?? "");
        if (Fields.Choices is not null)
            cells.Add(ChoicesJson());
        return cells;
    }

    /// <summary>Writes them as properties.</summary>
    public void Write(Utf8JsonWriter json)
    {
        if (Fields is not { KeepTexts: true })
            return;
        json.WriteString(TextName, Record.Text);
        if (Fields.Pair is not null)
            json.WriteString(PairName, Record.Pair);
        if (Fields.Choices is null)
            return;
        json.WritePropertyName(ChoicesName);
        WriteChoices(json);
    }

    private void WriteChoices(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (string choice in Record.Choices ?? [])
            json.WriteStringValue(choice);
        json.WriteEndArray();
    }

    private string ChoicesJson()
    {
        ArrayBufferWriter<byte> text = new();
        using (Utf8JsonWriter json = new(text, JsonRows.Options))
            WriteChoices(json);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
