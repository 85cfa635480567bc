using System.Globalization;
using GauRuntime.Weights;

namespace GauRuntime.Convert.Configuration;

/// <summary>Labels of a file given on the command line.</summary>
internal sealed record LabelList(string Path, IReadOnlyList<string> Names);

/// <summary>
/// Names of a classifier's outputs: from a file, from <c>id2label</c> or <c>label2id</c>, else LABEL_0, LABEL_1, ….
/// </summary>
internal static class Labels
{
    private const int Most = 1_000_000;
    private const string Generic = "LABEL_";

    /// <summary>Reads one label per line.</summary>
    /// <exception cref="GauFormatException">A line is empty or repeats another.</exception>
    public static LabelList ReadFile(string path)
    {
        List<string> names = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (TextLine line in TextLines.Read(path))
        {
            if (line.Text.Trim().Length == 0)
                throw new GauFormatException(path, line.Place, "an empty label");
            if (!seen.Add(line.Text))
                throw new GauFormatException(path, line.Place, $"the label '{line.Text}' occurs twice");
            names.Add(line.Text);
        }
        return new LabelList(path, names);
    }

    /// <summary>The names, as many as the classifier has outputs.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="given">Labels of a file, which need no other; or null.</param>
    /// <param name="outputs">The classifier's outputs; null where it is missing or misshapen.</param>
    /// <exception cref="GauFormatException">The file at fault has another number of labels.</exception>
    public static IReadOnlyList<string> Read(ConfigFile config, LabelList? given, ClassifierOutputs? outputs)
    {
        string Wrong(int count) => $"{count} labels where {outputs!.Tensor} has {outputs.Count} outputs";
        if (given is not null)
        {
            if (outputs is not null && outputs.Count != given.Names.Count)
                throw new GauFormatException(given.Path, "labels", Wrong(given.Names.Count));
            return given.Names;
        }
        (string key, string[]? names) = Named(config);
        int? count = Count(config);
        if (outputs is not null && count is not null && count != outputs.Count)
            throw config.Fault(names is null ? "num_labels" : key, Wrong(count.Value));
        return names ?? [.. Enumerable.Range(0, outputs?.Count ?? count ?? 2).Select(i => $"{Generic}{i}")];
    }

    /// <summary>Number of labels that a configuration states; null when it states none.</summary>
    public static int? Count(ConfigFile config)
    {
        int? count = config.Integer("num_labels", 1, Most);
        (string key, string[]? names) = Named(config);
        if (count is not null && names is not null && count != names.Length)
            throw config.Fault("num_labels", $"{count}, but {key} has {names.Length}");
        return count ?? names?.Length;
    }

    private static (string Key, string[]? Names) Named(ConfigFile config)
    {
        const string forward = "id2label", back = "label2id";
        string[]? names = Read(config, forward, config.Members(forward));
        IReadOnlyList<(string Key, string Value)> inverse = config.Members(back) ?? [];
        if (names is null || IsGeneric(names))
        {
            string[]? read = Read(config, back, inverse.Select(member => (member.Value, member.Key)));
            return read is null || (names is not null && IsGeneric(read)) ? (forward, names) : (back, read);
        }
        // Whoever sets id2label alone leaves a label2id of LABEL_0, LABEL_1, … behind: it says nothing.
        if (!IsGeneric(inverse.Select(member => member.Key)) && (inverse.Count != names.Length || !inverse.All(Agrees)))
            throw config.Fault(back, $"it does not say the same as {forward}; --labels says which labels are meant");
        return (forward, names);

        bool Agrees((string Label, string Id) member) => IsId(member.Id, names.Length, out int id)
            && names[id] == member.Label;
    }

    private static bool IsGeneric(IEnumerable<string> names) => names.All(name =>
        name.StartsWith(Generic, StringComparison.Ordinal) && IsId(name[Generic.Length..], Most, out _));

    private static bool IsId(string text, int count, out int id) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id < count;

    /// <summary>Names in the order of their ids, which are 0 to n − 1; null for none.</summary>
    private static string[]? Read(ConfigFile config, string key, IEnumerable<(string Id, string Name)>? pairs)
    {
        if (pairs?.ToArray() is not { Length: > 0 } members)
            return null;
        string?[] names = new string?[members.Length];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach ((string text, string name) in members)
        {
            if (!IsId(text, names.Length, out int id))
                throw config.Fault(key, $"'{text}' is not between 0 and {names.Length - 1}");
            if (names[id] is not null)
                throw config.Fault(key, $"the id {id} occurs twice");
            if (name.Trim().Length == 0)
                throw config.Fault(key, $"the label of {id} is empty");
            if (!seen.Add(name))
                throw config.Fault(key, $"the label '{name}' occurs twice");
            names[id] = name;
        }
        return names!;
    }
}
