using System.IO.Hashing;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Jobs;

/// <summary>Appends parts that are not compressed to one output that is not either.</summary>
internal sealed class PartCopy(IJobStorage storage, Stream output, CancellationToken cancel)
    : PartAppender(storage, output)
{
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
        CheckRows(path, CopyRest(path, part, digest, mark, count, Output, cancel), rows);
        Length += mark.Length - length;
    }
}
