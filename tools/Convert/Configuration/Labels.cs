using System.Globalization;
using GauRuntime.Weights;

namespace GauRuntime.Convert.Configuration;

/// <summary>Labels of a file given on the command line.</summary>
internal sealed record LabelList(string Path, IReadOnlyList<string> Names);

/// <summary>Names of a classifier's outputs: from a file, from <c>id2label</c>, else LABEL_0, LABEL_1, ….</summary>
internal static class Labels
{
    private const int Most = 1_000_000;

    /// <summary>Reads one label per line.</summary>
    /// <exception cref="GauFormatException">A line is empty or repeats another.</exception>
    public static LabelList ReadFile(string path)
    {
        List<string> names = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (TextLine line in TextLines.Read(path))
        {
            if (line.Text.Trim().Length == 0) throw new GauFormatException(path, line.Place, "an empty label");
            if (!seen.Add(line.Text))
                throw new GauFormatException(path, line.Place, $"the label '{line.Text}' occurs twice");
            names.Add(line.Text);
        }
        return new LabelList(path, names);
    }

    /// <summary>The names, as many as the configuration, the file or the Keras layer says.</summary>
    public static IReadOnlyList<string> Read(ConfigFile config, LabelList? given, int? kerasOutputs)
    {
        int? count = kerasOutputs ?? Count(config);
        if (given is null)
            return Named(config) ?? [.. Enumerable.Range(0, count ?? 2).Select(i => $"LABEL_{i}")];
        if (count is not null && count != given.Names.Count)
        {
            string other = kerasOutputs is null ? config.Path : "the checkpoint";
            throw new GauFormatException(given.Path, $"line {given.Names.Count}",
                $"{given.Names.Count} labels where {other} has {count}");
        }
        return given.Names;
    }

    /// <summary>Number of labels that a configuration states; null when it states none.</summary>
    public static int? Count(ConfigFile config)
    {
        int? count = config.Integer("num_labels", 1, Most);
        int? named = Named(config) is { } names ? names.Length : null;
        if (count is not null && named is not null && count != named)
            throw config.Fault("num_labels", $"{count}, but id2label has {named}");
        return count ?? named;
    }

    private static string[]? Named(ConfigFile config)
    {
        if (config.Members("id2label") is not { Count: > 0 } members) return null;
        string?[] names = new string?[members.Count];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach ((string key, string name) in members)
        {
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id) || id >= names.Length)
                throw config.Fault("id2label", $"'{key}' is not between 0 and {names.Length - 1}");
            if (names[id] is not null) throw config.Fault("id2label", $"the id {id} occurs twice");
            if (name.Trim().Length == 0) throw config.Fault("id2label", $"the label of {id} is empty");
            if (!seen.Add(name)) throw config.Fault("id2label", $"the label '{name}' occurs twice");
            names[id] = name;
        }
        return names!;
    }
}
