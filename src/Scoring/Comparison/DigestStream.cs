using System.IO.Hashing;

namespace GauRuntime.Scoring.Comparison;

/// <summary>What tells whether two contents are the same bytes.</summary>
internal readonly record struct ContentDigest(long Length, UInt128 Hash);

/// <summary>Reads a stream and keeps the digest of what it has read.</summary>
internal sealed class DigestStream(Stream inner) : Stream
{
    private readonly XxHash128 hash = new();
    private long length;

    public ContentDigest Digest => new(length, hash.GetCurrentHashAsUInt128());

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        hash.Append(buffer[..read]);
        length += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
