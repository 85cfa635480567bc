using System.Collections.Concurrent;
using GauRuntime.Desktop.Models;
using GauRuntime.Desktop.Server;

namespace GauRuntime.Desktop.Jobs;

/// <summary>All jobs, those of earlier runs of the program too. A thread works on one at a time.</summary>
internal sealed class JobList : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly List<DesktopJob> jobs = [];
    private readonly BlockingCollection<DesktopJob> queue = [];
    private readonly ModelShelf models;
    private readonly UploadStore uploads;
    private readonly Thread worker;

    /// <param name="root">The folder of their folders; made where it is missing.</param>
    /// <param name="models">Where their models come from.</param>
    /// <param name="uploads">The copies of files that some of them read.</param>
    /// <exception cref="IOException">The folder cannot be made or read.</exception>
    public JobList(string root, ModelShelf models, UploadStore uploads)
    {
        (Root, this.models, this.uploads) = (Path.GetFullPath(root), models, uploads);
        JobFolder.MakePrivate(Root);
        List<JobFolder> folders = Folders(Root, out bool areAll);
        jobs.AddRange(folders.Select(folder => new DesktopJob(folder)));
        if (areAll)   // a job that cannot be read now may need any of them
            uploads.RemoveUnused([.. folders.Select(folder => folder.Description.Path)]);
        worker = new Thread(Work) { IsBackground = true, Name = "jobs" };
        worker.Start();
    }

    public string Root { get; }

    /// <summary>All of them, the oldest first.</summary>
    public IReadOnlyList<DesktopJob> All
    {
        get
        {
            lock (gate)
                return [.. jobs];
        }
    }

    /// <summary>A job by its name.</summary>
    /// <exception cref="ApiFault">There is none.</exception>
    public DesktopJob Get(string id)
    {
        lock (gate)
            return jobs.Find(job => job.Folder.Id == id) ?? throw ApiFault.Missing("there is no such job");
    }

    /// <summary>Begins a job.</summary>
    public DesktopJob Add(JobDescription description)
    {
        DesktopJob job = new(JobFolder.Create(Root, description));
        lock (gate)
            jobs.Add(job);
        Queue(job, vectors: false);
        return job;
    }

    /// <summary>Has a job go on, or make its vectors; nothing where it is at it.</summary>
    public void Queue(DesktopJob job, bool vectors)
    {
        if (job.TryQueue(vectors))
            queue.Add(job);
    }

    /// <summary>Removes a job with its results.</summary>
    /// <exception cref="ApiFault">It is worked on.</exception>
    public void Remove(DesktopJob job)
    {
        JobDescription description = job.Folder.Description;
        if (job.Answer().State is "running" or "waiting")
            throw ApiFault.Refused("cancel the job first");
        if (job.Folder.IsWorkedOn)
            throw ApiFault.Refused("another window works on it");
        lock (gate)
            jobs.Remove(job);
        job.Dispose();
        job.Folder.Delete();
        bool isUsed = Folders(Root, out bool areAll)
            .Any(other => UploadStore.KeyOf(other.Description.Path) == UploadStore.KeyOf(description.Path));
        if (description.IsCopy && areAll && !isUsed)
            uploads.Remove(description.Path);
    }

    /// <summary>
    /// What a job is called whose work, or whose results, need a model file, also where another window began it; null:
    /// there is none.
    /// </summary>
    public string? FirstOf(string model) => Folders(Root, out _)
        .Find(job => job.Description.Model == model)?.Description.Name;

    /// <summary>Ends the job that is worked on, which can go on later, and waits for it.</summary>
    public void Dispose()
    {
        queue.CompleteAdding();
        foreach (DesktopJob job in All)
            job.Cancel();
        bool ended = worker.Join(Patience);
        foreach (DesktopJob job in All)
            job.Dispose();
        if (ended)
            queue.Dispose();
    }

    private static List<JobFolder> Folders(string root, out bool areAll)
    {
        areAll = true;
        List<JobFolder> folders = [];
        foreach (string path in Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal))
        {
            if (JobFolder.TryOpen(path, out bool isBroken) is { } folder)
                folders.Add(folder);
            areAll &= !isBroken;
        }
        return folders;
    }

    private void Work()
    {
        foreach (DesktopJob job in queue.GetConsumingEnumerable())
            job.Work(models);
    }
}
