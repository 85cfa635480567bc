using System.IO.Hashing;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Evaluation.Rows;

/// <summary>What tells whether two contents are the same bytes.</summary>
internal readonly record struct ContentDigest(long Length, UInt128 Hash);

/// <summary>Reads a stream and keeps the digest of what it has read.</summary>
internal sealed class DigestStream(Stream inner) : ForwardStream
{
    private readonly XxHash128 hash = new();
    private long length;

    public ContentDigest Digest => new(length, hash.GetCurrentHashAsUInt128());

    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        hash.Append(buffer[..read]);
        length += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
