using System.Text;
using System.Text.Json;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Records;

/// <summary>Names the fields that a rejected record has, for who asked for one that it lacks.</summary>
internal static class RecordFieldNames
{
    private const string More = "…";
    private const int MostCharacters = 160;

    /// <summary>The names in their order, as many as a line can hold; none where they cannot be told.</summary>
    public static IReadOnlyList<string> Of(in TextRecord record, RecordFields fields)
    {
        List<string> names = [];
        if (record.Raw is { } raw)
        {
            Read(raw, names);
            return names;
        }
        if (record.Id.IsOwn)
            names.Add(fields.Id);
        if (record.Text is not null)
            names.Add(fields.Text);
        if (record.Pair is not null && fields.Pair is not null)
            names.Add(fields.Pair);
        Read(Encoding.UTF8.GetBytes($"{{{record.Others}}}"), names);
        return names;
    }

    private static void Read(ReadOnlySpan<byte> json, List<string> names)
    {
        int characters = names.Sum(name => name.Length);
        try
        {
            Utf8JsonReader reader = new(json);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = Printable.OneLine(reader.GetString()!);
                characters += name.Length;
                names.Add(characters <= MostCharacters ? name : More);
                if (characters > MostCharacters)
                    return;
                reader.Read();
                reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The names up to here are those that could be read.
        }
    }
}
