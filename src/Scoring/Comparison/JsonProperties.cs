using System.Text.Json;

namespace GauRuntime.Scoring.Comparison;

/// <summary>Steps through the properties of one JSON object, none of which may stand there twice.</summary>
internal sealed class JsonProperties
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <summary>Goes to the value of the next property, from the value before or the start of the object.</summary>
    /// <returns>False at the end of the object.</returns>
    /// <exception cref="ResultFault">The object has a property twice.</exception>
    public bool Next(ref Utf8JsonReader reader, out string name)
    {
        name = "";
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
            return false;
        name = reader.GetString()!;
        if (!names.Add(name))
            throw new ResultFault($"field '{name}' stands there twice");
        reader.Read();
        return true;
    }
}
