using System.IO.Hashing;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Jobs;

/// <summary>Appends parts that are not compressed to one output that is not either.</summary>
internal sealed class PartCopy(IJobStorage storage, Stream output, CancellationToken cancel)
    : PartAppender(storage, output)
{
    private readonly byte[] buffer = new byte[1 << 16];
    private byte[]? header;

    public override void Append(string path, FileMark mark, int headerBytes, long rows)
    {
        CheckLength(path, mark);
        using Stream part = Storage.OpenRead(path);
        XxHash128 digest = new();
        byte[] own = new byte[headerBytes];
        int length = part.ReadAtLeast(own, own.Length, throwOnEndOfStream: false);
        digest.Append(own.AsSpan(0, length));
        bool first = header is null;
        header ??= own;
        if (first)
            Write(own);
        else if (!own.AsSpan().SequenceEqual(header))
            throw OtherHeader(path);
        RowCount count = new(RecordFormats.OfExtension(path));
        int read;
        while ((read = part.Read(buffer)) > 0)
        {
            cancel.ThrowIfCancellationRequested();
            digest.Append(buffer.AsSpan(0, read));
            count.Add(buffer.AsSpan(0, read));
            Write(buffer.AsSpan(0, read));
        }
        if (digest.GetCurrentHashAsUInt128() != mark.Digest)
            throw Altered(path);
        CheckRows(path, count.Rows, rows);
    }
}
