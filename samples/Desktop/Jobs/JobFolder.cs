using System.Text;
using System.Text.Json;
using GauRuntime.Desktop.Server;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using GauRuntime.Weights.Files;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Desktop.Jobs;

/// <summary>A job's folder: what it does, its results, and where its input was dropped, a copy of that.</summary>
internal sealed class JobFolder
{
    private const string DescriptionName = "job.json";

    private JobFolder(string path, JobDescription description) => (Path, Description) = (path, description);

    public string Path { get; }

    public JobDescription Description { get; }

    /// <summary>The name of the folder, which names the job.</summary>
    public string Id => System.IO.Path.GetFileName(Path);

    /// <summary>The rows, once all are there.</summary>
    public string Results => System.IO.Path.Combine(Path, "results.jsonl");

    /// <summary>The records that were rejected.</summary>
    public string Rejects => System.IO.Path.Combine(Path, "rejects.jsonl");

    /// <summary>The vectors of the rows' texts, once they are there.</summary>
    public string Vectors => System.IO.Path.Combine(Path, "vectors.npy");

    /// <summary>The hashes of the model that makes the vectors, which is there before them.</summary>
    private string VectorsModel => System.IO.Path.Combine(Path, "vectors.model");

    /// <summary>The job that makes the rows.</summary>
    public JobOutput Rows => new()
    {
        Path = Results, Rejects = Rejects, Format = RecordFormat.JsonLines, Resume = true,
    };

    /// <summary>The job that makes the vectors.</summary>
    public JobOutput Embeddings => new() { Path = Vectors, Format = RecordFormat.Npy, Resume = true };

    /// <summary>Whether a process, this one or another, makes rows or vectors here.</summary>
    /// <exception cref="IOException">It cannot be found out.</exception>
    public bool IsWorkedOn => IsHeld(Rows) || File.Exists(Results) && IsHeld(Embeddings);

    /// <summary>Makes a folder that only this user can look into.</summary>
    public static void MakePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);   // below the user's own folders, which others cannot read
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Makes the folder of a new job.</summary>
    /// <param name="root">Where the folders of all jobs are.</param>
    /// <param name="description">What it does.</param>
    public static JobFolder Create(string root, JobDescription description)
    {
        string path = NewPath(root, description.Created);
        MakePrivate(path);
        JobFolder folder = new(path, description);
        folder.Save();
        return folder;
    }

    /// <summary>A path in the folder of jobs that nothing has yet.</summary>
    public static string NewPath(string root, DateTime now) => System.IO.Path.Combine(
        root, $"{now:yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..8]}");

    /// <summary>Opens the folder of a job; null where it is none, or what it holds is broken.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="isBroken">Whether it may be one whose description cannot be read.</param>
    public static JobFolder? TryOpen(string path, out bool isBroken)
    {
        isBroken = true;
        try
        {
            byte[] json = File.ReadAllBytes(System.IO.Path.Combine(path, DescriptionName));
            if (JsonSerializer.Deserialize(json, DesktopJson.Default.JobDescription) is not { } description)
                return null;
            isBroken = false;
            return new JobFolder(path, description);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            isBroken = false;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps which model makes the vectors, before it does.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void KeepVectorsModel(GauModel model) => Write(VectorsModel, Encoding.ASCII.GetBytes(HashesOf(model)));

    /// <summary>
    /// Refuses a model that is not the one which made the vectors: a query of it means nothing to them.
    /// </summary>
    /// <exception cref="GauFormatException">It is another.</exception>
    /// <exception cref="IOException">It cannot be found out.</exception>
    public void RequireVectorsModel(GauModel model)
    {
        if (File.Exists(VectorsModel) && File.ReadAllText(VectorsModel) == HashesOf(model))
            return;
        string now = Description.Model ?? "the model inside the program";
        throw new GauFormatException(
            Vectors, "model",
            $"made by another model than {now} is now: put that one back, or remove this table and open its file anew");
    }

    /// <summary>Removes it with all that is in it.</summary>
    public void Delete() => Directory.Delete(Path, recursive: true);

    private static bool IsHeld(JobOutput output)
    {
        try
        {
            ScoringJob.Open(output).Dispose();
            return false;
        }
        catch (ScoringException e)
        {
            return e.Fault == ScoringFault.Busy;
        }
    }

    // As a run that is resumed tells models apart: by their weights, and by all else that their files say.
    private static string HashesOf(GauModel model) =>
        $"{model.File.Hash} {model.File.Metadata[ModelMetadata.MetadataHash]}\n";

    private void Save() => Write(
        System.IO.Path.Combine(Path, DescriptionName),
        JsonSerializer.SerializeToUtf8Bytes(Description, DesktopJson.Default.JobDescription));

    private static void Write(string path, byte[] content)
    {
        using AtomicFile file = new(path, bufferSize: 0);
        file.Stream.Write(content);
        file.Commit(replace: true);
    }
}
