using System.Globalization;
using System.Text.Json;

namespace GauRuntime.Evaluation.Metrics;

/// <summary>Labels by name, or else by index.</summary>
internal sealed class LabelNames
{
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    public LabelNames(IReadOnlyList<string> labels)
    {
        Labels = labels;
        for (int i = 0; i < labels.Count; i++)
            places.Add(labels[i], i);
    }

    public IReadOnlyList<string> Labels { get; }

    /// <summary>The index of a label that a record names, or −1. A name that looks like an index is a name.</summary>
    public int Find(JsonElement label)
    {
        string? text = label.ValueKind switch
        {
            JsonValueKind.String => label.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => label.GetRawText(),
            _ => null,
        };
        if (text is null)
            return -1;
        if (places.TryGetValue(text, out int place))
            return place;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && index < Labels.Count
            ? index
            : -1;
    }
}
