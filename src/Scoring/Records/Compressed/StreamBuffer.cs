using System.Runtime.ExceptionServices;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Records.Compressed;

/// <summary>A stream read through one buffer.</summary>
/// <param name="stream">The stream; disposed with the buffer.</param>
internal sealed class StreamBuffer(Stream stream) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private bool ended;
    private ExceptionDispatchInfo? fault;

    /// <summary>Offset of the first byte of <see cref="Available"/> in the stream.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes read and not yet taken; empty before <see cref="Fill"/>.</summary>
    public ReadOnlySpan<byte> Available => buffer.AsSpan(start, end - start);

    /// <summary>Sees to it that so many bytes are available.</summary>
    /// <param name="count">Where that is more than 64 KiB, the buffer grows to it and stays so.</param>
    /// <returns>False where the stream ends before; what there is is available.</returns>
    public bool Fill(int count = 1) => end - start >= count || FillWhile(count, static _ => true)!.Value;

    /// <summary>Sees to it that so many bytes are available, unless the stream pauses before.</summary>
    /// <returns>False where it ends before, null where it pauses; what there is is available.</returns>
    public bool? FillSoon(int count) =>
        FillWhile(count, static stream => stream is not PausingStream pausing || pausing.WaitForData(Pause));

    private bool? FillWhile(int count, Func<Stream, bool> isComing)
    {
        if (end - start >= count)
            return true;
        if (count > buffer.Length)
            Grow(count);
        buffer.AsSpan(start..end).CopyTo(buffer);
        (start, end) = (0, end - start);
        bool comes = true;
        while (end < count && !ended && fault is null && (comes = isComing(stream)))
            ReadMore();
        if (end == 0)
            fault?.Throw();
        return end >= count ? true : comes ? false : null;
    }

    /// <summary>Takes the first <paramref name="count"/> available bytes.</summary>
    public void Advance(int count)
    {
        start += count;
        Position += count;
    }

    /// <summary>Goes to an offset of a stream that can seek.</summary>
    public void GoTo(long offset)
    {
        stream.Position = offset;
        (start, end, ended, Position) = (0, 0, false, offset);
    }

    public void Dispose() => stream.Dispose();

    private void Grow(int count)
    {
        byte[] larger = new byte[Math.Max(count, 2 * buffer.Length)];
        buffer.CopyTo(larger, 0);
        buffer = larger;
    }

    // What was read before a fault is used first; the fault is thrown when nothing else is left.
    private void ReadMore()
    {
        try
        {
            int read = stream.Read(buffer.AsSpan(end));
            end += read;
            ended = read == 0;
        }
        catch (GauFormatException e) when (end > 0)
        {
            fault = ExceptionDispatchInfo.Capture(e);
        }
    }
}
