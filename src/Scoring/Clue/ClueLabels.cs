using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Scoring.Clue;

/// <summary>A classifier's labels and those of a task's files: by name where all agree, else by index.</summary>
internal sealed class ClueLabels
{
    private readonly Dictionary<string, string> toModel = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> toFile = new(StringComparer.Ordinal);

    /// <exception cref="ScoringException">The model has another number of labels.</exception>
    public ClueLabels(ClueTask task, HeadConfig model)
    {
        if (task.Labels.Count == 0)
            return;
        if (model.Labels.Count != task.Labels.Count)
            throw new ScoringException(
                ScoringFault.Usage,
                $"{task.Name} has {task.Labels.Count} labels, this model {model.Labels.Count}");
        bool byName = task.Labels.All(model.Labels.Contains);
        for (int i = 0; i < task.Labels.Count; i++)
        {
            string name = byName ? task.Labels[i] : model.Labels[i];
            toModel.Add(task.Labels[i], name);
            toFile.Add(name, task.Labels[i]);
        }
    }

    /// <summary>The model's name of a label in a file, or null where the task has no such label.</summary>
    public string? OfFile(string label) => toModel.GetValueOrDefault(label);

    /// <summary>The label as files write it.</summary>
    public string ToFile(string label) => toFile[label];
}
