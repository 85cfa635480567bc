using System.Globalization;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Scoring;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Evaluation.Clue;

/// <summary>
/// A classifier's labels and those of a task's files: by the task's codes or names; by index only where the model has
/// no more than numbers.
/// </summary>
internal sealed class ClueLabels
{
    private const string Unnamed = "LABEL_";

    private readonly Dictionary<string, string> toModel = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> toFile = new(StringComparer.Ordinal);

    /// <exception cref="ScoringException">The model has other labels.</exception>
    public ClueLabels(ClueTask task, HeadConfig model)
    {
        if (task.Labels.Count == 0)
            return;
        if (model.Labels.Count != task.Labels.Count)
            throw new ScoringException(
                ScoringFault.Usage,
                $"{task.Name} has {task.Labels.Count} labels, this model {model.Labels.Count}");
        int[] named = Map(model.Labels, label => OfName(task, label)), counted = Map(model.Labels, OfNumber);
        int[] places = IsOneToOne(named) ? named : IsOneToOne(counted) ? counted : throw Unknown(task, model, named);
        for (int i = 0; i < places.Length; i++)
        {
            toModel.Add(task.Labels[places[i]], model.Labels[i]);
            toFile.Add(model.Labels[i], task.Labels[places[i]]);
        }
    }

    /// <summary>The model's name of a label in a file, or null where the task has no such label.</summary>
    public string? OfFile(string label) => toModel.GetValueOrDefault(label);

    /// <summary>The label as files write it.</summary>
    public string ToFile(string label) => toFile[label];

    private static int[] Map(IReadOnlyList<string> labels, Func<string, int> place) => [.. labels.Select(place)];

    private static int OfName(ClueTask task, string label) =>
        Math.Max(Find(task.Labels, label), Find(task.LabelNames, label));

    private static int Find(IReadOnlyList<string> labels, string label) =>
        labels.ToList().FindIndex(known => known.Equals(label, StringComparison.OrdinalIgnoreCase));

    private static int OfNumber(string label)
    {
        string digits = label.StartsWith(Unnamed, StringComparison.Ordinal) ? label[Unnamed.Length..] : label;
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1;
    }

    private static bool IsOneToOne(int[] places) => places.Order().SequenceEqual(Enumerable.Range(0, places.Length));

    private static ScoringException Unknown(ClueTask task, HeadConfig model, int[] named)
    {
        int odd = Array.IndexOf(named, -1);
        string what = odd < 0
            ? "two of the model's labels mean the same"
            : $"the model's label '{model.Labels[odd]}' is none of the task's";
        return new ScoringException(
            ScoringFault.Usage,
            $"{task.Name}: {what}; convert the model with --labels FILE, a line for each of its outputs, such as "
                + $"'{task.Labels[0]}'");
    }
}
