using GauRuntime.Scoring.Results;

namespace GauRuntime.Scoring.Jobs;

/// <summary>Makes the table of a job of its rows, when all of them are there.</summary>
/// <remarks>
/// A table ends with a footer and cannot be gone on with, so until then a job gathers rows. The same rows make the same
/// table, every time it is tried.
/// </remarks>
internal static class ResultTable
{
    /// <summary>Makes it beside the rows.</summary>
    /// <returns>What it is.</returns>
    /// <exception cref="IOException">The disk failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static FileMark Make(
        JobFiles files, IJobStorage storage, IReadOnlyList<ResultColumn> columns, CancellationToken cancel)
    {
        using WorkFile table = WorkFile.Create(storage, files.Ready);
        using (Stream rows = storage.OpenRead(files.PartialOutput))
            ParquetResults.Write(rows, new WorkStream(table), columns, cancel, files.PartialOutput);
        table.Flush();
        return table.Mark;
    }

    // A work file for a writer that wants a stream.
    private sealed class WorkStream(WorkFile file) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => file.Mark.Length;

        public override long Position { get => Length; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => file.Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer) => file.Write(buffer);
    }
}
