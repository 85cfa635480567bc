using System.Text.Json;

namespace GauRuntime.Evaluation.Rows;

/// <summary>Items of <c>entities</c>, <c>masks</c> and <c>results</c>.</summary>
internal static class JsonParts
{
    public static TextEntity Entity(ref Utf8JsonReader reader, string field)
    {
        string? label = null;
        int? start = null, end = null;
        float? score = null;
        bool inPair = false;
        JsonProperties properties = Begin(ref reader, field);
        while (properties.Next(ref reader, out string name))
        {
            switch (name)
            {
                case "label": label = JsonValues.Text(ref reader, field); break;
                case "start": start = JsonValues.Place(ref reader, field); break;
                case "end": end = JsonValues.Place(ref reader, field); break;
                case "score": score = JsonValues.Number(ref reader, field); break;
                case "pair": inPair = JsonValues.Flag(ref reader, field); break;
                default: reader.Skip(); break;
            }
        }
        return new TextEntity(
            label ?? throw Missing(field, "label"), Start: start ?? throw Missing(field, "start"),
            End: end ?? throw Missing(field, "end"), InPair: inPair, Score: score ?? throw Missing(field, "score"));
    }

    /// <summary>The best token for a mask: the first of its list.</summary>
    public static FilledToken Mask(ref Utf8JsonReader reader, string field)
    {
        List<FilledToken> tokens = [];
        JsonProperties properties = Begin(ref reader, field);
        while (properties.Next(ref reader, out string name))
        {
            if (name == "tokens")
                tokens = JsonValues.List(ref reader, field, Token);
            else
                reader.Skip();
        }
        return tokens.Count > 0 ? tokens[0] : throw Missing(field, "tokens");
    }

    /// <summary>A candidate of a ranking.</summary>
    public static RankedResult Ranked(ref Utf8JsonReader reader, string field)
    {
        string? id = null;
        float? score = null;
        bool truncated = false;
        JsonProperties properties = Begin(ref reader, field);
        while (properties.Next(ref reader, out string name))
        {
            switch (name)
            {
                case "id": id = JsonValues.Id(ref reader, field); break;
                case "score": score = JsonValues.Number(ref reader, field); break;
                case "truncated": truncated = JsonValues.Flag(ref reader, field); break;
                default: reader.Skip(); break;
            }
        }
        return new RankedResult(
            id ?? throw Missing(field, "id"), score ?? throw Missing(field, "score"), truncated);
    }

    private static FilledToken Token(ref Utf8JsonReader reader, string field)
    {
        string? token = null;
        float? probability = null;
        JsonProperties properties = Begin(ref reader, field);
        while (properties.Next(ref reader, out string name))
        {
            switch (name)
            {
                case "token": token = JsonValues.Text(ref reader, field); break;
                case "probability": probability = JsonValues.Number(ref reader, field); break;
                default: reader.Skip(); break;
            }
        }
        return new FilledToken(
            token ?? throw Missing(field, "token"), probability ?? throw Missing(field, "probability"));
    }

    private static JsonProperties Begin(ref Utf8JsonReader reader, string field) =>
        reader.TokenType == JsonTokenType.StartObject
            ? new JsonProperties()
            : throw JsonValues.Unexpected(ref reader, field, "objects in it");

    private static ResultFault Missing(string field, string part) => new($"field '{field}': an item without '{part}'");
}
