using System.Text;
using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;

namespace GauRuntime.Evaluation.Rows;

/// <summary>Reads results out of JSON: a whole row, or the JSON in a cell of a table.</summary>
internal sealed class JsonResult
{
    private readonly JsonProbabilities probabilities = new();

    /// <summary>Fills a row from one JSON object.</summary>
    /// <exception cref="ResultFault">It is no result.</exception>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public void Read(ReadOnlySpan<byte> json, ResultRow row)
    {
        Utf8JsonReader reader = new(json, JsonRows.ReadOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new ResultFault($"expected a JSON object, found {JsonRecord.Kind(reader.TokenType)}");
        JsonProperties properties = new();
        while (properties.Next(ref reader, out string name))
            ReadField(ref reader, name, row);
        reader.Read(); // what follows the object, if anything does, is an error
    }

    /// <summary>Reads a list or an object that stands in a cell.</summary>
    /// <exception cref="ResultFault">It does not belong into that column.</exception>
    public void ReadCell(string cell, string column, ResultRow row)
    {
        byte[] json = Encoding.UTF8.GetBytes(cell);
        try
        {
            Utf8JsonReader reader = new(json, JsonRows.ReadOptions);
            reader.Read();
            ReadField(ref reader, column, row);
            reader.Read();
        }
        catch (JsonException e)
        {
            throw new ResultFault($"field '{column}': not JSON at byte {e.BytePositionInLine ?? 0} of the cell");
        }
    }

    private void ReadField(ref Utf8JsonReader reader, string name, ResultRow row)
    {
        switch (name)
        {
            case "id": row.Id = JsonValues.Id(ref reader, name); break;
            case "error":
                JsonValues.Text(ref reader, name);
                row.Rejected = true;
                break;
            case "label" when reader.TokenType == JsonTokenType.Null: break;   // abstained
            case "label": row.Label = JsonValues.Text(ref reader, name); break;
            case "abstained": row.Abstained = JsonValues.Flag(ref reader, name); break;
            case "score": row.Score = JsonValues.Number(ref reader, name); break;
            case "probabilities": row.Probabilities = probabilities.Read(ref reader, name); break;
            case "labels": row.Labels = JsonValues.List(ref reader, name, JsonValues.Text); break;
            case "value": row.Value = new LabelAnswer { Numbers = { JsonValues.Number(ref reader, name) } }; break;
            case "entities":
                row.Entities = new EntityAnswer();
                JsonValues.List(ref reader, name, JsonParts.Entity, row.Entities.Entities);
                break;
            case "choice": row.Choice = JsonValues.Whole(ref reader, name); break;
            case "answer": row.Answer = Answer(ref reader, name); break;
            case "start": row.Start = JsonValues.Whole(ref reader, name); break;
            case "end": row.End = JsonValues.Whole(ref reader, name); break;
            case "embedding":
                row.Embedding = new VectorAnswer();
                JsonValues.List(ref reader, name, JsonValues.Number, row.Embedding.Numbers);
                break;
            case "masks": row.Masks = JsonValues.List(ref reader, name, JsonParts.Mask); break;
            case "results": row.Results = JsonValues.List(ref reader, name, JsonParts.Ranked); break;
            case "candidate":
                row.IsPair = true;
                row.Candidate = JsonValues.Id(ref reader, name);
                break;
            case "rank": row.Rank = JsonValues.Whole(ref reader, name); break;
            case "rejected" when reader.TokenType == JsonTokenType.String: row.IsRejectedPair = true; break;
            case "tokens": row.Tokens = JsonValues.Whole(ref reader, name); break;
            case "truncated": row.Truncated = JsonValues.Flag(ref reader, name); break;
            default: reader.Skip(); break;
        }
    }

    private static string Answer(ref Utf8JsonReader reader, string name) =>
        reader.TokenType == JsonTokenType.Null ? "" : JsonValues.Text(ref reader, name);
}
