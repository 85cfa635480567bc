using System.IO.Hashing;
using System.Text;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Jobs;

/// <summary>
/// Appends the vectors of parts that are matrices to one matrix, and the lines beside them to one file.
/// </summary>
internal sealed class PartArrays : PartAppender
{
    private readonly Stream lines;
    private readonly Stream description;
    private readonly CancellationToken cancel;
    private readonly Queue<PartMarker> markers;
    private readonly VectorDescription vectors;
    private readonly NpyHeader header;

    /// <summary>Begins the matrix.</summary>
    /// <param name="storage">Where the parts are.</param>
    /// <param name="parts">The parts.</param>
    /// <param name="output">Where the matrix goes.</param>
    /// <param name="beside">Where the files go that belong to it.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <exception cref="GauFormatException">The description beside part 0 is malformed.</exception>
    /// <exception cref="IOException">Reading or writing failed.</exception>
    public PartArrays(
        IJobStorage storage, PartSet parts, Stream output, IReadOnlyList<Stream> beside, CancellationToken cancel)
        : base(storage, output)
    {
        (lines, description, this.cancel) = (beside[0], beside[1], cancel);
        markers = new Queue<PartMarker>(parts.Markers);
        vectors = Describe(parts.Paths[0]);
        header = Header(parts.Markers.Sum(Vectors));
        Write(header.ToBytes());
    }

    public override void Append(string path, FileMark mark, int headerBytes, long rows)
    {
        PartMarker marker = markers.Dequeue();
        if (marker.Beside is not [var ofLines, var ofDescription])
            throw new GauFormatException(
                JobFiles.DoneOf(path), "beside", "does not say what the files beside the part are");
        string[] beside = [.. ResultFormats.BesideMatrix.Select(suffix => path + suffix)];
        CheckAll(beside[1], ofDescription, cancel);
        if (Describe(path) != vectors)
            throw OtherHeader(beside[1]);
        NpyHeader part = Header(Vectors(marker));
        byte[] before = part.ToBytes();
        CheckRows(path, (mark.Length - before.Length) / part.RowBytes, part.Rows);
        Copy(path, mark, before, Output);
        Length += mark.Length - before.Length;
        CheckRows(beside[0], Copy(beside[0], ofLines, [], lines), part.Rows);
    }

    public override void Complete() =>
        description.Write(Encoding.UTF8.GetBytes(vectors.ToJson(header.Rows) + "\n"));

    // A rejected record has none.
    private static long Vectors(PartMarker part) => part.Counts.Records - part.Counts.Rejected;

    private NpyHeader Header(long rows) => new(vectors.Precision, rows, vectors.Dimensions);

    private VectorDescription Describe(string part)
    {
        string path = part + ResultFormats.BesideMatrix[1];
        return VectorDescription.Read(Storage.OpenRead(path), path);
    }

    // What stands before the rows must be this, and is left out. Gives the line ends of the rest.
    private long Copy(string path, FileMark mark, byte[] before, Stream into)
    {
        CheckLength(path, mark);
        using Stream part = Storage.OpenRead(path);
        XxHash128 digest = new();
        byte[] own = new byte[before.Length];
        if (part.ReadAtLeast(own, own.Length, throwOnEndOfStream: false) < own.Length || !own.SequenceEqual(before))
            throw OtherHeader(path);
        digest.Append(own);
        return CopyRest(path, part, digest, mark, new RowCount(RecordFormat.JsonLines), into, cancel);
    }
}
