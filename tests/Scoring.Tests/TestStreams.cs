namespace GauRuntime.Scoring.Tests;

/// <summary>Counts what is read from it.</summary>
internal sealed class CountingStream(byte[] content) : MemoryStream(content)
{
    private long read;

    public long BytesRead => Volatile.Read(ref read);

    public override int Read(Span<byte> buffer)
    {
        int read = base.Read(buffer);
        Interlocked.Add(ref this.read, read);
        return read;
    }
}

/// <summary>Takes its time for every write, and fails at last.</summary>
internal sealed class SlowStream(int failAfter, Action? onWrite = null) : MemoryStream
{
    private int writes;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        onWrite?.Invoke();
        if (++writes > failAfter)
            throw new IOException("enough");
        Thread.Sleep(20);
    }
}

/// <summary>Lines that are made as they are read.</summary>
internal sealed class GeneratedStream(int lines, Func<int, string> line) : MemoryStream
{
    private byte[] current = [];
    private int at;
    private int next;

    public long Bytes { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        if (at == current.Length)
        {
            if (next == lines)
                return 0;
            (current, at) = (System.Text.Encoding.UTF8.GetBytes(line(next++)), 0);
        }
        int count = Math.Min(buffer.Length, current.Length - at);
        current.AsSpan(at, count).CopyTo(buffer);
        at += count;
        Bytes += count;
        return count;
    }
}

/// <summary>Can only be read from its start to its end.</summary>
internal sealed class PipeLikeStream(byte[] content) : MemoryStream(content)
{
    public override bool CanSeek => false;
}

/// <summary>A pipe that brings a line at a time, for ever.</summary>
internal sealed class GeneratedPipe(Func<int, string> line) : MemoryStream
{
    public int Lines { get; private set; }

    public override bool CanSeek => false;

    public override int Read(Span<byte> buffer) => System.Text.Encoding.UTF8.GetBytes(line(Lines++), buffer);
}

/// <summary>A pipe that brings a few bytes at a time.</summary>
internal sealed class DrippingStream(byte[] content) : MemoryStream(content)
{
    public override bool CanSeek => false;

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(7, buffer.Length)]);
}
