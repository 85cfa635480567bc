using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Jobs;

/// <summary>Joins the parts of a job: what it writes has the bytes of a run that was not shared out.</summary>
/// <remarks>Memory: one buffer, and a few hundred bytes per part.</remarks>
public sealed class PartMerge
{
    private readonly IJobStorage storage;
    private readonly PartSet parts;
    private readonly string[]? rejects;

    private PartMerge(IJobStorage storage, PartSet parts, string[]? rejects)
    {
        this.storage = storage;
        this.parts = parts;
        this.rejects = rejects;
    }

    /// <summary>How many parts there are.</summary>
    public int Parts => parts.Paths.Count;

    /// <summary>The format of their results, and so of the output.</summary>
    internal RecordFormat Format => ResultFormats.OfExtension(parts.Paths[0])!.Value;

    /// <summary>
    /// What the names of the files that belong to the output have behind that of the output: of npy
    /// <c>.ids.jsonl</c> and <c>.json</c>, else none.
    /// </summary>
    public IReadOnlyList<string> Beside => ResultFormats.Beside(Format);

    /// <summary>What they hold.</summary>
    public RunCounts Counts => parts.Markers.Aggregate(
        default(RunCounts), (sum, marker) => sum.Plus(marker.Counts));

    /// <summary>Bytes written to the output.</summary>
    internal long Bytes { get; private set; }

    /// <summary>Bytes written to the rejects file.</summary>
    internal long RejectsBytes { get; private set; }

    /// <summary>Finds the parts and their markers, and sees that all are there and of one job.</summary>
    /// <param name="folder">Where the parts are.</param>
    /// <param name="rejectsFolder">Where their rejects files are; null: they are not wanted.</param>
    /// <exception cref="FileNotFoundException">Something is missing, or not complete.</exception>
    /// <exception cref="ScoringException">The parts are not of one job, or it made no rejects files.</exception>
    /// <exception cref="GauFormatException">A marker is malformed.</exception>
    public static PartMerge Open(string folder, string? rejectsFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        DiskStorage storage = new();
        PartSet parts = PartSet.Find(storage, folder);
        return new PartMerge(
            storage, parts, rejectsFolder is null ? null : FindRejects(storage, parts, folder, rejectsFolder));
    }

    /// <summary>The files that are read: parts, their markers and rejects.</summary>
    internal IEnumerable<string> Files =>
    [
        .. parts.Paths, .. parts.Paths.Select(JobFiles.DoneOf),
        .. parts.Paths.SelectMany(path => Beside.Select(suffix => path + suffix)), .. rejects ?? [],
    ];

    /// <summary>Writes everything. What was written when it fails is worth nothing.</summary>
    /// <param name="output">Where the results go.</param>
    /// <param name="rejects">Where the rejected records go, if they were asked for.</param>
    /// <param name="compression">How the results are compressed; the rejected records are not.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="GauFormatException">A part is not what its marker says.</exception>
    /// <exception cref="ScoringException">
    /// The results need a file that can seek, or files <see cref="Beside"/> it.
    /// </exception>
    /// <exception cref="IOException">Reading or writing failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Write(Stream output, Stream? rejects, Compression compression, CancellationToken cancel) =>
        Write(output, [], rejects, compression, cancel);

    /// <inheritdoc cref="Write(Stream, Stream?, Compression, CancellationToken)"/>
    /// <param name="output">Where the results go.</param>
    /// <param name="beside">Where the files go that belong to them, in the order of <see cref="Beside"/>.</param>
    /// <param name="rejects">Where the rejected records go, if they were asked for.</param>
    /// <param name="compression">How the results are compressed; the rejected records are not.</param>
    /// <param name="cancel">Ends it.</param>
    public void Write(
        Stream output, IReadOnlyList<Stream> beside, Stream? rejects, Compression compression, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(beside);
        using (PartAppender rows = Appender(output, beside, compression, cancel))
            Bytes = Append(rows, parts.Paths, marker => marker.Output, counts => counts.Records + counts.MoreRows);
        if (rejects is null || this.rejects is null)
            return;
        using PartCopy lines = new(storage, rejects, cancel);
        RejectsBytes = Append(
            lines, this.rejects, marker => marker.Rejects, counts => counts.Rejected + counts.RejectedCandidates,
            headers: false);
    }

    private PartAppender Appender(
        Stream output, IReadOnlyList<Stream> beside, Compression compression, CancellationToken cancel)
    {
        string part = parts.Paths[0];
        if (Format == RecordFormat.Npy)
        {
            return beside.Count == Beside.Count && compression == Compression.None
                ? new PartArrays(storage, parts, output, beside, cancel)
                : throw new ScoringException(
                    ScoringFault.Usage, "npy parts are joined into files that are not compressed: --output", part);
        }
        if (!RecordFormats.IsTable(Format))
        {
            return compression == Compression.None && Compressions.OfExtension(part) == Compression.None
                ? new PartCopy(storage, output, cancel)
                : new PartRows(storage, output, compression, cancel);
        }
        return output.CanSeek && compression == Compression.None
            ? new PartTables(storage, parts.Paths, output, Format, cancel)
            : throw new ScoringException(
                ScoringFault.Usage,
                $"{TableContent.NameOf(Format)} parts are joined into a file that is not compressed: --output", part);
    }

    private long Append(
        PartAppender appender, IReadOnlyList<string> paths, Func<PartMarker, FileMark> mark,
        Func<RunCounts, long> rows, bool headers = true)
    {
        for (int i = 0; i < Parts; i++)
        {
            PartMarker marker = parts.Markers[i];
            appender.Append(paths[i], mark(marker), headers ? marker.HeaderBytes : 0, rows(marker.Counts));
        }
        appender.Complete();
        return appender.Length;
    }

    private static string[] FindRejects(IJobStorage storage, PartSet parts, string folder, string rejectsFolder)
    {
        if (!parts.Markers[0].Job.WritesRejects)
            throw new ScoringException(
                ScoringFault.Usage, "these parts were scored without --rejects: there are no rejects to join", folder);
        string?[] paths = [.. parts.Paths
            .Select((_, i) => JobFiles.RejectsOf(rejectsFolder, new Shard(i, parts.Paths.Count)))
            .Select(path => storage.Exists(path) ? path : null)];
        PartSet.CheckAll(paths, rejectsFolder, "rejects of ");
        return paths!;
    }
}
