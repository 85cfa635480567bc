using System.IO.Hashing;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Jobs;

/// <summary>Appends parts to one output, and checks each on its way.</summary>
internal sealed class PartCopy(IJobStorage storage, Stream output, CancellationToken cancel)
{
    private readonly byte[] buffer = new byte[1 << 16];
    private byte[]? header;

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    /// <summary>Appends the rows of a part; what stands before them only of the first.</summary>
    /// <param name="path">The part.</param>
    /// <param name="mark">What it must be.</param>
    /// <param name="headerBytes">How much of it stands before its rows.</param>
    /// <exception cref="GauFormatException">The part is something else.</exception>
    /// <exception cref="IOException">Reading or writing failed.</exception>
    /// <exception cref="OperationCanceledException">The copy was cancelled.</exception>
    public void Append(string path, FileMark mark, int headerBytes)
    {
        using Stream part = storage.OpenRead(path);
        if (part.Length != mark.Length)
            throw Malformed(path, $"it has {part.Length} bytes and its marker says {mark.Length}");
        XxHash128 digest = new();
        byte[] own = new byte[headerBytes];
        int length = part.ReadAtLeast(own, own.Length, throwOnEndOfStream: false);
        digest.Append(own.AsSpan(0, length));
        bool first = header is null;
        header ??= own;
        if (first)
            Write(own);
        else if (!own.AsSpan().SequenceEqual(header))
            throw Malformed(path, "its header is not that of part 0");
        int read;
        while ((read = part.Read(buffer)) > 0)
        {
            cancel.ThrowIfCancellationRequested();
            digest.Append(buffer.AsSpan(0, read));
            Write(buffer.AsSpan(0, read));
        }
        if (digest.GetCurrentHashAsUInt128() != mark.Digest)
            throw Malformed(path, "its bytes are not those that its marker says");
    }

    private static GauFormatException Malformed(string path, string reason) =>
        new(path, "whole file", reason + "; score the part again with --force");

    private void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        Length += bytes.Length;
    }
}
