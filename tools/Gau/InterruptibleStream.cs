using System.Runtime.ExceptionServices;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Cli;

/// <summary>Reads a stream so that a cancellation ends the wait for more bytes.</summary>
/// <param name="inner">The stream.</param>
/// <param name="cancel">Ends the wait.</param>
/// <param name="atEnd">What is done at the end of the stream, before that is told.</param>
internal sealed class InterruptibleStream(Stream inner, CancellationToken cancel, Action? atEnd = null) : PausingStream
{
    private readonly byte[] buffer = new byte[1 << 16];
    private Task<int>? coming;   // what is read into the buffer
    private int taken;           // of that

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override bool WaitForData(TimeSpan patience)
    {
        coming ??= Task.Run(() => inner.Read(buffer, 0, buffer.Length), cancel);
        return Await(coming, patience);
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        WaitForData(Timeout.InfiniteTimeSpan);
        int read = coming!.Result;
        if (read == 0)
        {
            atEnd?.Invoke();
            return 0;
        }
        int count = Math.Min(buffer.Length, read - taken);
        this.buffer.AsSpan(taken, count).CopyTo(buffer);
        taken += count;
        if (taken == read)
            (coming, taken) = (null, 0);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private bool Await(Task<int> read, TimeSpan patience)
    {
        try
        {
            return read.Wait((int)patience.TotalMilliseconds, cancel);
        }
        catch (AggregateException e) when (e.InnerException is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
            throw;
        }
    }
}
