using System.Text;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;

namespace GauRuntime.Scoring.Jobs;

/// <summary>Makes the table of a job of its rows, when all of them are there.</summary>
/// <remarks>
/// A table ends with a footer or begins with its size, and cannot be gone on with, so until then a job gathers rows.
/// The same rows make the same table, every time it is tried.
/// </remarks>
internal static class ResultTable
{
    /// <summary>Makes it beside the rows, with the files that belong to it.</summary>
    /// <param name="files">The job's.</param>
    /// <param name="storage">Where they are.</param>
    /// <param name="run">The run, whose totals are told how near the stored vectors are to those computed.</param>
    /// <param name="entry">The last entry of the journal.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <returns>The entry, with what the table is.</returns>
    /// <exception cref="IOException">The disk failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static JournalEntry Make(
        JobFiles files, IJobStorage storage, ScoringRun run, JournalEntry entry, CancellationToken cancel)
    {
        using WorkFile table = WorkFile.Create(storage, files.Ready);
        using Stream rows = storage.OpenRead(files.PartialOutput);
        if (run.Format != RecordFormat.Npy)
        {
            run.Totals.Loss = TableResults.Write(
                rows, new WorkStream(table), run.ResultColumns, cancel, files.PartialOutput, run.Vectors,
                run.Format);
            table.Flush();
            return entry with { Output = table.Mark };
        }
        string[] beside = [.. files.ReadyBeside];
        using WorkFile lines = WorkFile.Create(storage, beside[0]), description = WorkFile.Create(storage, beside[1]);
        VectorDescription vectors = run.Vectors!;
        NpyHeader header = new(vectors.Precision, entry.Counts.Records - entry.Counts.Rejected, vectors.Dimensions);
        using NpyResultWriter writer = new(new WorkStream(table), new WorkStream(lines), header);
        writer.AddAll(rows, files.PartialOutput, cancel);
        description.Write(Encoding.UTF8.GetBytes(vectors.ToJson(header.Rows) + "\n"));
        run.Totals.Loss = writer.Loss;
        foreach (WorkFile file in (WorkFile[])[table, lines, description])
            file.Flush();
        return entry with { Output = table.Mark, Beside = [lines.Mark, description.Mark] };
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
