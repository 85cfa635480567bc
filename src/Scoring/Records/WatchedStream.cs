using GauRuntime.Weights.Files;

namespace GauRuntime.Scoring.Records;

/// <summary>A file that must be at its end what it was when it was found.</summary>
internal sealed class WatchedStream : Stream
{
    private readonly FileStream file;
    private readonly string name;
    private readonly FileStamp stamp;

    /// <summary>Takes over an open file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">What the user calls it.</param>
    /// <param name="stamp">What it was.</param>
    /// <exception cref="IOException">It is another already.</exception>
    public WatchedStream(FileStream file, string name, FileStamp stamp)
    {
        (this.file, this.name, this.stamp) = (file, name, stamp);
        try
        {
            RequireUnchanged();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => file.CanSeek;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position { get => file.Position; set => file.Position = value; }

    /// <summary>Throws where it is no longer what it was.</summary>
    /// <exception cref="IOException">It was changed.</exception>
    public void RequireUnchanged() => stamp.Require(file.SafeFileHandle, name);

    public override int Read(Span<byte> buffer)
    {
        int read = file.Read(buffer);
        if (read == 0 && buffer.Length > 0)
            RequireUnchanged();
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }
}
