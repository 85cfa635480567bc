using System.Globalization;
using System.Text.Json;

namespace GauRuntime.Evaluation.Clue;

/// <summary>Entities of CLUENER as labels for an evaluation: their end is behind the last character.</summary>
internal static class EntityLabels
{
    private const int LongestLabel = 64;   // it is written for every place

    /// <exception cref="ClueFault">It is no place, or the entity does not stand there.</exception>
    public static (string Label, int Start, int End) Of(string label, string entity, JsonElement place, CodePoints text)
    {
        if (label.Length > LongestLabel)
            throw new ClueFault($"a label is longer than {LongestLabel} characters");
        (int first, int end) = Place(place);
        int from = text.Offset(first), to = text.Offset(end);
        return from >= 0 && to > from && text.Text.AsSpan(from, to - from).SequenceEqual(entity)
            ? (label, first, end)
            : throw new ClueFault(string.Create(
                CultureInfo.InvariantCulture, $"'{entity}' does not stand at {first} to {end - 1}"));
    }

    public static string Write(IEnumerable<(string Label, int Start, int End)> entities) =>
        $"[{string.Join(',', entities.Select(e => string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"label\":{ClueText.Quoted(e.Label)},\"start\":{e.Start},\"end\":{e.End}}}")))}]";

    private static (int First, int End) Place(JsonElement place) =>
        place.ValueKind == JsonValueKind.Array && place.GetArrayLength() == 2
        && place[0].ValueKind == JsonValueKind.Number && place[0].TryGetInt32(out int first)
        && place[1].ValueKind == JsonValueKind.Number && place[1].TryGetInt32(out int last) && last < int.MaxValue
            ? (first, last + 1)
            : throw new ClueFault("a place is no [first, last]");
}
