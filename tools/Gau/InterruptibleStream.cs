using System.Runtime.ExceptionServices;

namespace GauRuntime.Cli;

/// <summary>Reads a stream so that a cancellation ends the wait for more bytes.</summary>
/// <param name="inner">The stream.</param>
/// <param name="cancel">Ends the wait.</param>
/// <param name="atEnd">What is done at the end of the stream, before that is told.</param>
internal sealed class InterruptibleStream(Stream inner, CancellationToken cancel, Action? atEnd = null) : Stream
{
    private readonly byte[] buffer = new byte[1 << 16];

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
        int most = Math.Min(buffer.Length, this.buffer.Length);
        Task<int> read = Task.Run(() => inner.Read(this.buffer, 0, most), cancel);
        try
        {
            read.Wait(cancel);
        }
        catch (AggregateException e) when (e.InnerException is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
        if (read.Result == 0 && most > 0)
            atEnd?.Invoke();
        this.buffer.AsSpan(0, read.Result).CopyTo(buffer);
        return read.Result;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
