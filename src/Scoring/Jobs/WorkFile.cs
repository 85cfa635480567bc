using System.IO.Hashing;

namespace GauRuntime.Scoring.Jobs;

/// <summary>A prefix of a file: its length and the XxHash128 of its bytes.</summary>
internal readonly record struct FileMark(long Length, UInt128 Digest);

/// <summary>A file that is only appended to and knows the digest of what is in it.</summary>
internal sealed class WorkFile : IDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly IJobStorage storage;
    private readonly Stream stream;
    private readonly byte[] buffer = new byte[BufferSize];
    private readonly XxHash128 digest = new();
    private int buffered;
    private long length;

    private WorkFile(IJobStorage storage, string path, Stream stream)
    {
        this.storage = storage;
        this.stream = stream;
        Path = path;
    }

    public string Path { get; }

    /// <summary>Everything that was written, flushed or not.</summary>
    public FileMark Mark => new(length, digest.GetCurrentHashAsUInt128());

    /// <summary>Begins an empty file in the place of whatever stands there.</summary>
    public static WorkFile Create(IJobStorage storage, string path)
    {
        storage.Delete(path);
        return new WorkFile(storage, path, storage.Create(path));
    }

    /// <summary>Goes on behind a mark of a file, and cuts off what follows.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static WorkFile Continue(IJobStorage storage, string path, FileMark mark, CancellationToken cancel)
    {
        WorkFile file = new(storage, path, storage.Open(path, alone: false));
        try
        {
            file.TakeIn(file.stream, mark, copy: false, cancel);
            file.stream.SetLength(mark.Length);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Begins a file with another's content up to a mark.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static WorkFile Copy(
        IJobStorage storage, string from, FileMark mark, string path, CancellationToken cancel)
    {
        WorkFile file = Create(storage, path);
        try
        {
            using Stream source = storage.OpenRead(from);
            file.TakeIn(source, mark, copy: true, cancel);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        digest.Append(bytes);
        length += bytes.Length;
        if (bytes.Length > BufferSize - buffered)
        {
            WriteOut();
            if (bytes.Length > BufferSize)
            {
                stream.Write(bytes);
                return;
            }
        }
        bytes.CopyTo(buffer.AsSpan(buffered));
        buffered += bytes.Length;
    }

    /// <summary>Returns when everything written is on the disk.</summary>
    public void Flush()
    {
        WriteOut();
        storage.Flush(stream);
    }

    public void Dispose() => stream.Dispose();

    private void WriteOut()
    {
        if (buffered > 0)
            stream.Write(buffer.AsSpan(0, buffered));
        buffered = 0;
    }

    private void TakeIn(Stream source, FileMark mark, bool copy, CancellationToken cancel)
    {
        byte[] part = new byte[BufferSize];
        while (length < mark.Length)
        {
            cancel.ThrowIfCancellationRequested();
            int read = source.Read(part.AsSpan(0, (int)Math.Min(part.Length, mark.Length - length)));
            if (read == 0)
                break;
            digest.Append(part.AsSpan(0, read));
            length += read;
            if (copy)
                stream.Write(part.AsSpan(0, read));
        }
        if (Mark != mark)
            throw new IOException($"{Path} was changed while it was read");
    }
}
