using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights.Files;

namespace GauRuntime.Scoring.Jobs;

/// <summary>The names of a job's files.</summary>
/// <param name="Output">The results, when they are complete.</param>
/// <param name="Rejects">The rejected records, when complete; or null.</param>
/// <param name="IsTable">Whether the results are a table in the end, which is made of rows when all are there.</param>
/// <param name="Attempt">What sets the work files of an attempt apart; empty where there can be but one.</param>
internal sealed record JobFiles(string Output, string? Rejects, bool IsTable, string Attempt)
{
    private const string JournalSuffix = ".journal";
    private const string TableSuffix = ".table";
    private const string PartialSuffix = ".partial";

    /// <summary>What stands behind the name of a part in that of its marker.</summary>
    public const string DoneSuffix = ".done";

    /// <summary>What stands behind the name of an output in those of its work files.</summary>
    public static IReadOnlyList<string> WorkSuffixes { get; } = [JournalSuffix, PartialSuffix, TableSuffix];

    /// <summary>What the files that belong to the results have behind the name of those.</summary>
    public IReadOnlyList<string> Suffixes { get; init; } = [];

    /// <summary>
    /// The attempt that makes the table and the marker; where it is not the one that has made the rows, that one may be
    /// at a table and a marker of its own.
    /// </summary>
    public string Publisher { get => field ?? Attempt; init; }

    /// <summary>The files that belong to the results, in the order of their suffixes.</summary>
    public IEnumerable<string> Beside => Suffixes.Select(suffix => Output + suffix);

    /// <summary>The same before they get their names.</summary>
    public IEnumerable<string> ReadyBeside => Beside.Select(path => path + TableSuffix + Publisher);

    /// <summary>The journal.</summary>
    public string Journal => Output + JournalSuffix + Attempt;

    /// <summary>The results so far.</summary>
    public string PartialOutput => Output + PartialSuffix + Attempt;

    /// <summary>The results before they get their name: the rows, or the table made of them.</summary>
    public string Ready => IsTable ? Output + TableSuffix + Publisher : PartialOutput;

    /// <summary>The rejected records so far.</summary>
    public string? PartialRejects => Rejects is null ? null : Rejects + PartialSuffix + Attempt;

    /// <summary>The name of the rejected records, from the folder of the results; null where none are wanted.</summary>
    public string? RejectsName =>
        Rejects is null ? null : Path.GetRelativePath(JobRoom.FolderOf(Output), Path.GetFullPath(Rejects));

    /// <summary>Says that a part is complete, with counts and digests.</summary>
    public string Done => DoneOf(Output);

    /// <summary>The same before it gets its name.</summary>
    public string ReadyDone => Done + Publisher;

    /// <summary>The marker of a part.</summary>
    public static string DoneOf(string part) => part + DoneSuffix;

    /// <summary>The rejects file of a part.</summary>
    public static string RejectsOf(string folder, Shard shard) =>
        Path.Combine(folder, PartName.Of(shard, ".rejects.jsonl"));

    /// <summary>Those of a job.</summary>
    public static JobFiles Of(JobOutput output)
    {
        bool isTable = ResultFormats.IsTable(output.Format);
        IReadOnlyList<string> suffixes = ResultFormats.Beside(output.Format);
        if (output.Shard is not { } shard)
            return new JobFiles(output.Path, output.Rejects, isTable, "") { Suffixes = suffixes };
        string extension = RecordFormats.Extension(output.Format) + Compressions.Extension(output.Compression);
        // A shard may be tried by two machines at once, one of them believed dead: no attempt ever writes to a file of
        // another.
        string host = string.Concat(Environment.MachineName.Where(char.IsAsciiLetterOrDigit));
        return new JobFiles(
            Path.Combine(output.Path, PartName.Of(shard, extension)),
            output.Rejects is null ? null : RejectsOf(output.Rejects, shard),
            isTable,
            $".{host}.{Environment.ProcessId}.{Guid.NewGuid():N}")
        {
            Suffixes = suffixes,
        };
    }

    /// <summary>The files of all attempts that have left a journal, this one's included.</summary>
    public JobFiles[] Attempts(IJobStorage storage)
    {
        if (Attempt.Length == 0)
            return storage.Exists(Journal) ? [this] : [];
        string prefix = Output + JournalSuffix;
        return [.. FindLike(storage, prefix + ".").Select(path => this with { Attempt = Rest(path, prefix) })];
    }

    /// <summary>The files that are written besides the outputs, but for what only attempts at a shard have.</summary>
    public IEnumerable<string> WorkFiles =>
        [
            .. ((string?[])[Journal, PartialOutput, IsTable ? Ready : null, PartialRejects]).OfType<string>(),
            .. ReadyBeside,
        ];

    /// <summary>
    /// Whether a work file is the file that has its final name: a process has ended between the two steps that give it.
    /// </summary>
    public bool IsNamed(string work)
    {
        IEnumerable<(string? Ready, string? Final)> pairs =
            [(Ready, Output), (PartialRejects, Rejects), .. ReadyBeside.Zip(Beside)];
        return pairs.FirstOrDefault(pair => pair.Ready == work).Final is { } final
            && FileIdentity.Of(work) is { } file && file == FileIdentity.Of(final);
    }

    /// <summary>Every name that the job gives to a file.</summary>
    public IEnumerable<string> Names =>
        [
            .. ((string?[])[Output, Rejects, Attempt.Length > 0 ? Done : null]).OfType<string>(), .. Beside,
            .. WorkFiles,
        ];

    /// <summary>Whether a file is one of this output's: the output itself or a work file of any attempt.</summary>
    public bool Include(string? path) =>
        path is not null
        && (IsOf(path, Output) || (Rejects is not null && IsOf(path, Rejects)) || Beside.Any(own => IsOf(path, own)));

    /// <summary>Removes the work files of all attempts.</summary>
    public void DeleteAll(IJobStorage storage)
    {
        // Once: where the journal is gone, another run may have begun.
        if (Attempt.Length == 0)
        {
            Delete(storage);
            return;
        }
        foreach (JobFiles attempt in Attempts(storage))
            attempt.Delete(storage);
        Delete(storage);
        // An attempt that begins while another clears up loses its journal but not what it makes later; and one that
        // ends while it writes the marker leaves that.
        DeleteLike(storage, Output + PartialSuffix + ".");
        DeleteLike(storage, Output + TableSuffix + ".");
        foreach (string path in Beside)
            DeleteLike(storage, path + TableSuffix + ".");
        DeleteLike(storage, Done + ".");
        if (Rejects is not null)
            DeleteLike(storage, Rejects + PartialSuffix + ".");
    }

    /// <summary>Removes the work files, the journal last: as long as it stands the others are accounted for.</summary>
    public void Delete(IJobStorage storage)
    {
        storage.Delete(PartialOutput);
        if (IsTable)
            storage.Delete(Ready);
        foreach (string path in ReadyBeside)
            storage.Delete(path);
        if (PartialRejects is not null)
            storage.Delete(PartialRejects);
        storage.Delete(Journal);
    }

    private static bool IsOf(string path, string output)
    {
        if (!SameFolder(path, output))
            return false;
        string name = Path.GetFileName(path), own = Path.GetFileName(output);
        return name == own || WorkSuffixes.Append(DoneSuffix).Any(
            suffix => name == own + suffix || name.StartsWith(own + suffix + ".", StringComparison.Ordinal));
    }

    private static bool SameFolder(string path, string other) =>
        Path.GetDirectoryName(Path.GetFullPath(path)) == Path.GetDirectoryName(Path.GetFullPath(other));

    private static void DeleteLike(IJobStorage storage, string prefix)
    {
        foreach (string path in FindLike(storage, prefix))
            storage.Delete(path);
    }

    // A prefix may end in a dot, which Windows would take off a whole name: only what stands before it is made a path.
    private static string[] FindLike(IJobStorage storage, string prefix) =>
        storage.Find(Path.GetDirectoryName(prefix) is { Length: > 0 } folder ? folder : ".", Path.GetFileName(prefix));

    // What follows a prefix in the name of a file that was found by it.
    private static string Rest(string path, string prefix) =>
        Path.GetFileName(path)[Path.GetFileName(prefix).Length..];
}
