using System.IO.Hashing;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Jobs;

/// <summary>Appends parts to one output, and checks each on its way.</summary>
internal abstract class PartAppender(IJobStorage storage, Stream output) : IDisposable
{
    /// <summary>Bytes written.</summary>
    public long Length { get; protected set; }

    protected IJobStorage Storage { get; } = storage;

    protected Stream Output { get; } = output;

    /// <summary>Appends the rows of a part; what stands before them only of the first.</summary>
    /// <param name="path">The part.</param>
    /// <param name="mark">What it must be.</param>
    /// <param name="headerBytes">How much of its content stands before its rows.</param>
    /// <param name="rows">How many rows it must have.</param>
    /// <exception cref="GauFormatException">The part is something else.</exception>
    /// <exception cref="IOException">Reading or writing failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public abstract void Append(string path, FileMark mark, int headerBytes, long rows);

    /// <summary>That was the last part.</summary>
    public virtual void Complete()
    {
    }

    public virtual void Dispose()
    {
    }

    protected void Write(ReadOnlySpan<byte> bytes)
    {
        Output.Write(bytes);
        Length += bytes.Length;
    }

    /// <summary>Copies what is left of a part, and sees that all of it is what its marker says.</summary>
    /// <param name="path">The part.</param>
    /// <param name="part">It, read so far as <paramref name="digest"/> knows.</param>
    /// <param name="digest">Has taken in what is not copied.</param>
    /// <param name="mark">What the part must be.</param>
    /// <param name="rows">Counts the rows that are copied.</param>
    /// <param name="into">Where they go.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <returns>The rows.</returns>
    protected static long CopyRest(
        string path, Stream part, XxHash128 digest, FileMark mark, RowCount rows, Stream into, CancellationToken cancel)
    {
        byte[] buffer = new byte[1 << 16];
        int read;
        while ((read = part.Read(buffer)) > 0)
        {
            cancel.ThrowIfCancellationRequested();
            digest.Append(buffer.AsSpan(0, read));
            rows.Add(buffer.AsSpan(0, read));
            into.Write(buffer.AsSpan(0, read));
        }
        if (digest.GetCurrentHashAsUInt128() != mark.Digest)
            throw Altered(path);
        return rows.Rows;
    }

    protected void CheckLength(string path, FileMark mark)
    {
        using Stream part = Storage.OpenRead(path);
        if (part.Length != mark.Length)
            throw Malformed(path, $"it has {part.Length} bytes and its marker says {mark.Length}");
    }

    /// <summary>Reads the part once, and sees that it is all what its marker says.</summary>
    protected void CheckAll(string path, FileMark mark, CancellationToken cancel)
    {
        CheckLength(path, mark);
        if (!PrefixCheck.Holds(Storage, path, [mark], cancel)[0])
            throw Altered(path);
    }

    protected static void CheckRows(string path, long found, long rows)
    {
        if (found != rows)
            throw Malformed(path, $"it has {found} rows and its marker says {rows}");
    }

    protected static GauFormatException Altered(string path) =>
        Malformed(path, "its bytes are not those that its marker says");

    protected static GauFormatException OtherHeader(string path) =>
        Malformed(path, "its header is not that of part 0");

    private static GauFormatException Malformed(string path, string reason) =>
        new(path, "whole file", reason + "; score the part again with --force");
}
