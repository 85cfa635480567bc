using GauRuntime.Scoring.Results;

namespace GauRuntime.Cli.Evaluate;

/// <summary>
/// The files that an evaluation writes: predictions and page appear together at its end, or not at all.
/// </summary>
/// <param name="predictions">The file for the predictions of a CLUE task, or null.</param>
/// <param name="rejects">The file for rejected records, or null.</param>
/// <param name="page">The file for the page, or null.</param>
/// <param name="force">Whether files of these names may be replaced.</param>
internal sealed class EvaluationOutputs(
    string? predictions, string? rejects, string? page, bool force, CommandHost host) : IDisposable
{
    private readonly List<OutputFile> files = [];

    /// <summary>Where predictions go, or null.</summary>
    public Stream? Predictions { get; private set; }

    /// <summary>Where rejected records go, or null.</summary>
    public OutputFile? Rejects { get; private set; }

    /// <summary>Where the page goes, or null.</summary>
    public Stream? Page { get; private set; }

    /// <summary>Begins the files.</summary>
    public EvaluationOutputs Create()
    {
        (Predictions, Page) = (Create(predictions), Create(page));
        Rejects = rejects is null ? null : host.Create(rejects, force);
        return this;
    }

    /// <summary>Gives predictions and page their names; the run does so with the rejects.</summary>
    public void Commit() => files.ForEach(file => file.Commit());

    /// <summary>Removes what was not committed.</summary>
    public void Dispose()
    {
        files.ForEach(file => file.Dispose());
        Rejects?.Dispose();
    }

    private FileStream? Create(string? path)
    {
        if (path is null)
            return null;
        OutputFile file = host.Create(path, force);
        files.Add(file);
        return file.Stream;
    }
}
