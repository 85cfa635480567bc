using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;

namespace GauRuntime.Scoring.Vectors;

/// <summary>A row of JSON that <c>gau embed</c> wrote, or what it wrote of one beside a matrix.</summary>
internal sealed class VectorRow
{
    private readonly List<float> numbers = [];

    /// <summary>What names the record; its number where the row does not.</summary>
    public RecordId Id { get; private set; }

    /// <summary>Why it has no vector, or null.</summary>
    public string? Error { get; private set; }

    /// <summary>Whether there is a vector.</summary>
    public bool HasVector { get; private set; }

    /// <summary>The vector.</summary>
    public ReadOnlySpan<float> Vector => CollectionsMarshal.AsSpan(numbers);

    /// <summary>The text, where the row has it.</summary>
    public string? Text { get; private set; }

    /// <summary>Reads a row.</summary>
    /// <param name="row">The JSON.</param>
    /// <param name="number">Its number, from 0.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A string holds half of a surrogate pair.</exception>
    /// <exception cref="FormatException">It is no such row.</exception>
    public void Read(ReadOnlySpan<byte> row, long number)
    {
        (Id, Error, HasVector, Text) = (RecordId.OfNumber(number), null, false, null);
        numbers.Clear();
        Utf8JsonReader json = new(row, JsonRows.ReadOptions);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            throw new FormatException("no JSON object");
        bool isMissing = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("id"u8))
                isMissing = ReadId(ref json, row);
            else if (json.ValueTextEquals("record"u8) && isMissing)
                Id = json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long own) && own >= 0
                    ? RecordId.Missing(own)
                    : throw new FormatException("field 'record': no number of a record");
            else if (json.ValueTextEquals("embedding"u8))
                ReadVector(ref json);
            else if (json.ValueTextEquals("error"u8))
                Error = ReadText(ref json, "error");
            else if (json.ValueTextEquals("text"u8))
                Text = json.Read() && json.TokenType == JsonTokenType.String ? json.GetString() : Skipped(ref json);
            else
                json.Skip();
        }
        json.Read();   // something after the object is an error
        if (isMissing && !Id.IsMissing)
            Id = RecordId.Missing(number);
    }

    // True where the id is null.
    private bool ReadId(ref Utf8JsonReader json, ReadOnlySpan<byte> row)
    {
        json.Read();
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                return true;
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                throw new FormatException("field 'id': no string, number, true, false or null");
            case JsonTokenType.String:
                json.GetString();   // half of a surrogate pair is an error
                break;
        }
        Id = RecordId.OfJson(Encoding.UTF8.GetString(row[(int)json.TokenStartIndex..(int)json.BytesConsumed]));
        return false;
    }

    private void ReadVector(ref Utf8JsonReader json)
    {
        if (HasVector)
            throw new FormatException("field 'embedding' stands there twice");
        HasVector = true;
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
            throw new FormatException("field 'embedding': no array of numbers");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetSingle(out float number)
                || !float.IsFinite(number))
                throw new FormatException("field 'embedding': something else than finite numbers of 32 bits");
            if (numbers.Count == Search.EmbeddingLimits.MostDimensions)
                throw new FormatException(
                    $"field 'embedding': more than {Search.EmbeddingLimits.MostDimensions} numbers");
            numbers.Add(number);
        }
    }

    private static string ReadText(ref Utf8JsonReader json, string name)
    {
        json.Read();
        return json.TokenType == JsonTokenType.String
            ? json.GetString()!
            : throw new FormatException($"field '{name}': no text");
    }

    private static string? Skipped(ref Utf8JsonReader json)
    {
        json.Skip();
        return null;
    }
}
