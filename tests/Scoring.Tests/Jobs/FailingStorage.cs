using GauRuntime.Scoring.Jobs;

namespace GauRuntime.Scoring.Tests.Jobs;

/// <summary>The file system, but for one operation that fails, or all from that one on.</summary>
/// <param name="failAt">Number of the operation, from 1.</param>
/// <param name="forGood">Whether those after it fail as well, as on a disk that is full or gone.</param>
/// <param name="losesPower">Whether it takes with it what was written and not flushed.</param>
internal sealed class FailingStorage(int failAt, bool forGood, bool losesPower = false) : IJobStorage
{
    private readonly DiskStorage disk = new();
    private readonly Dictionary<string, FailingFile> files = [];
    private int operations;

    /// <summary>One in which nothing fails.</summary>
    public static FailingStorage Never => new(int.MaxValue, forGood: false);

    /// <summary>Whether the operation came.</summary>
    public bool Failed => operations >= failAt;

    public bool Exists(string path) => disk.Exists(path);

    public string[] Find(string folder, string prefix) => disk.Find(folder, prefix);

    public void MakeFolder(string path) => Do(() => disk.MakeFolder(path));

    public Stream Create(string path) => files[path] = new FailingFile(path, Do(() => disk.Create(path)), this);

    public Stream Open(string path, bool alone) =>
        files[path] = new FailingFile(path, Do(() => disk.Open(path, alone)), this);

    public Stream OpenRead(string path) => disk.OpenRead(path);

    // No test takes the power of the machine away, and a thousand waits for the disk are slow.
    public void Flush(Stream file) => Do(((FailingFile)file).FlushToDisk);

    public void Move(string from, string to, bool replace)
    {
        Do(() => disk.Move(from, to, replace));
        if (files.Remove(from, out FailingFile? moved))
            (files[to], moved.Path) = (moved, to);
        Do(() => { });   // the folder is flushed then
    }

    public void Delete(string path)
    {
        if (!disk.Exists(path))
            return;
        Do(() => disk.Delete(path));
        files.Remove(path);
    }

    private void Do(Action action) => Do<object?>(() =>
    {
        action();
        return null;
    });

    private T Do<T>(Func<T> action)
    {
        operations++;
        if (operations == failAt && losesPower)
        {
            foreach (FailingFile file in files.Values)
                file.LoseUnflushed();
        }
        if (operations == failAt || (forGood && operations > failAt))
            throw new IOException("No space left on device");
        return action();
    }

    private sealed class FailingFile(string path, Stream inner, FailingStorage storage) : Stream
    {
        private long flushed = inner.Length;
        private bool isClosed;

        public string Path { get; set; } = path;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override int Read(Span<byte> buffer) => inner.Read(buffer);

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void SetLength(long value)
        {
            storage.Do(() => inner.SetLength(value));
            flushed = Math.Min(flushed, value);
        }

        public void FlushToDisk()
        {
            inner.Flush();
            flushed = inner.Length;
        }

        public void LoseUnflushed()
        {
            if (!isClosed)
            {
                inner.SetLength(flushed);
                return;
            }
            using FileStream closed = new(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            closed.SetLength(flushed);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        // A write that fails leaves half of its bytes behind, as a full disk does.
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            inner.Write(buffer[..(buffer.Length / 2)]);
            storage.Do(() => { });
            inner.Write(buffer[(buffer.Length / 2)..]);
        }

        protected override void Dispose(bool disposing)
        {
            isClosed = true;
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
