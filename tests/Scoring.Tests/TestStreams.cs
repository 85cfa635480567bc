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
