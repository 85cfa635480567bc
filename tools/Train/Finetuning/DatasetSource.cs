using GauRuntime.Evaluation.Clue;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Train.Finetuning;

/// <summary>Where labelled records are, and how they are read.</summary>
internal sealed record DatasetSource
{
    /// <summary>Files to learn from, one or more.</summary>
    public required IReadOnlyList<InputFile> Data { get; init; }

    /// <summary>Files to judge by; none: a share of the others is kept for that.</summary>
    public required IReadOnlyList<InputFile> Dev { get; init; }

    /// <summary>That share.</summary>
    public double DevShare { get; init; } = 0.1;

    /// <summary>Of the random choice.</summary>
    public ulong Seed { get; init; }

    /// <summary>Which fields mean what, the label's too.</summary>
    public required RecordFields Fields { get; init; }

    /// <summary>The task of CLUE whose files they are, or null.</summary>
    public ClueTask? Clue { get; init; }

    /// <summary>The labels of such a task, where they stand in files of their own.</summary>
    public IReadOnlyDictionary<string, int>? Answers { get; init; }

    /// <summary>Names of the files, for a model's card.</summary>
    public static string Shown(IReadOnlyList<InputFile> files) =>
        string.Join(", ", files.Take(5).Select(file => Path.GetFileName(file.Name))) + (files.Count > 5 ? ", …" : "");
}
