namespace GauRuntime.Scoring.Jobs;

/// <summary>The file operations of a job, so that tests can make each of them fail.</summary>
internal interface IJobStorage
{
    bool Exists(string path);

    /// <summary>Paths, as the folder is named, of the files in it whose names begin so, in ordinal order.</summary>
    string[] Find(string folder, string prefix);

    /// <summary>Makes a folder with those above it, unless it exists.</summary>
    void MakeFolder(string path);

    /// <summary>Makes a new file, never through a link; one of that name is an error.</summary>
    Stream Create(string path);

    /// <summary>Opens a file to read and write; a missing one is made.</summary>
    /// <param name="path">The file.</param>
    /// <param name="alone">Whether no other process may have it open so; then a second attempt is an error.</param>
    Stream Open(string path, bool alone);

    /// <summary>Opens a file to read, whoever else has it open.</summary>
    Stream OpenRead(string path);

    /// <summary>Returns when everything written is on the disk.</summary>
    void Flush(Stream file);

    /// <summary>Gives a file another name, durably.</summary>
    void Move(string from, string to, bool replace);

    /// <summary>Removes a file, if it is there.</summary>
    void Delete(string path);
}
