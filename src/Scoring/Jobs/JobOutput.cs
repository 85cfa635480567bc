using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Jobs;

/// <summary>What a job writes.</summary>
public sealed record JobOutput
{
    /// <summary>The results: a file, or with <see cref="Shard"/> a folder for the parts.</summary>
    public required string Path { get; init; }

    /// <summary>The rejected records: a file, or with <see cref="Shard"/> a folder; null: none is wanted.</summary>
    public string? Rejects { get; init; }

    /// <summary>How the results are laid out.</summary>
    public required RecordFormat Format { get; init; }

    /// <summary>How the results are compressed; the rejected records are not.</summary>
    public Compression Compression { get; init; }

    /// <summary>Which part of the job this is, or null where it is all of it.</summary>
    public Shard? Shard { get; init; }

    /// <summary>Whether existing outputs, and what an interrupted run left, may be replaced.</summary>
    public bool Force { get; init; }

    /// <summary>Whether to go on where an interrupted run ended.</summary>
    public bool Resume { get; init; }

    /// <summary>Time between two points from which the job could go on; zero: after every batch.</summary>
    public TimeSpan CheckpointInterval { get; init; } = DefaultCheckpointInterval;

    /// <summary>
    /// The files that are written besides <see cref="Path"/> and <see cref="Rejects"/>. Of a shard, which writes into
    /// those folders, its part and what stands beside it; <see cref="PartName.Fits"/> tells those of all.
    /// </summary>
    internal IReadOnlyList<string> WorkFiles
    {
        get
        {
            JobFiles files = JobFiles.Of(this);
            return Shard is null
                ? [.. files.WorkFiles]
                :
                [
                    files.Output, .. files.Beside, files.Done,
                    .. files.Rejects is { } rejects ? [rejects] : Array.Empty<string>(),
                ];
        }
    }

    /// <summary>Whether a work file has its name already, and another until a run that was ended goes on.</summary>
    internal bool IsNamed(string work) => Shard is null && JobFiles.Of(this).IsNamed(work);

    /// <summary>The files that belong to the results of a job that is not shared out, such as the ids of npy.</summary>
    internal IReadOnlyList<string> Beside => Shard is null ? [.. JobFiles.Of(this).Beside] : [];

    /// <summary>What it is where nothing else is said.</summary>
    public static TimeSpan DefaultCheckpointInterval { get; } = TimeSpan.FromSeconds(2);
}
