using System.Globalization;
using System.Text.Json;

namespace GauRuntime.Scoring.Clue;

/// <summary>Entities of CLUENER as labels for an evaluation: their end is behind the last character.</summary>
internal static class EntityLabels
{
    public static (string Label, int Start, int End) Of(string label, JsonElement place) =>
        place.ValueKind == JsonValueKind.Array && place.GetArrayLength() == 2
        && place[0].ValueKind == JsonValueKind.Number && place[0].TryGetInt32(out int first)
        && place[1].ValueKind == JsonValueKind.Number && place[1].TryGetInt32(out int last) && last < int.MaxValue
            ? (label, first, last + 1)
            : throw new ClueFault("a place is no [first, last]");

    public static string Write(IEnumerable<(string Label, int Start, int End)> entities) =>
        $"[{string.Join(',', entities.Select(e => string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"label\":{ClueText.Quoted(e.Label)},\"start\":{e.Start},\"end\":{e.End}}}")))}]";
}
