using GauRuntime.Scoring.Jobs;

namespace GauRuntime.Scoring.Tests.Jobs;

/// <summary>The file system, told what is about to be done: what happens just before can be played so.</summary>
internal sealed class HookedStorage : IJobStorage
{
    private readonly FailingStorage files = FailingStorage.Never;

    /// <summary>Called before a file is made.</summary>
    public Action<string> OnCreate { get; init; } = _ => { };

    /// <summary>Called before a file is opened to read.</summary>
    public Action<string> OnOpenRead { get; init; } = _ => { };

    /// <summary>Called before a file is removed.</summary>
    public Action<string> OnDelete { get; init; } = _ => { };

    public bool Exists(string path) => files.Exists(path);

    public string[] Find(string folder, string prefix) => files.Find(folder, prefix);

    public void MakeFolder(string path) => files.MakeFolder(path);

    public Stream Create(string path)
    {
        OnCreate(path);
        return files.Create(path);
    }

    public Stream Open(string path, bool alone) => files.Open(path, alone);

    public Stream OpenRead(string path)
    {
        OnOpenRead(path);
        return files.OpenRead(path);
    }

    public void Flush(Stream file) => files.Flush(file);

    public void Move(string from, string to, bool replace) => files.Move(from, to, replace);

    public void Delete(string path)
    {
        OnDelete(path);
        files.Delete(path);
    }
}
