namespace GauRuntime.Tools;

/// <summary>Writes what can be written and loses the rest: for what is told of the work, never for results.</summary>
/// <remarks>A full disk under stderr, or a terminal that is gone, must not end a run nor change how it ends.</remarks>
internal sealed class LossyStream(Stream inner) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
#pragma warning disable CA1031 // Whatever it is, there is nobody left to tell.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    // Nothing is kept here, and what is written below is not.
    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
