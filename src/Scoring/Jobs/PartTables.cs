using System.Buffers;
using GauRuntime.Scoring.Results;

namespace GauRuntime.Scoring.Jobs;

/// <summary>Appends the rows of parts that are tables to one table, as a run that was not shared out makes it.</summary>
internal sealed class PartTables(IJobStorage storage, Stream output, CancellationToken cancel)
    : PartAppender(storage, output)
{
    private readonly ArrayBufferWriter<byte> row = new();
    private ParquetResultWriter? table;

    public override void Append(string path, FileMark mark, int headerBytes, long rows)
    {
        CheckAll(path, mark);
        using ParquetResultReader part = new(Storage.OpenRead(path), path);
        table ??= new ParquetResultWriter(Output, part.Columns);
        row.ResetWrittenCount();
        long count = 0;
        while (part.Read(row))
        {
            cancel.ThrowIfCancellationRequested();
            count++;
            table.Add(row.WrittenSpan);
            row.ResetWrittenCount();
        }
        CheckRows(path, count, rows);
    }

    public override void Complete()
    {
        table!.End();
        Length = Output.Position;
    }

    public override void Dispose()
    {
        table?.Dispose();
        base.Dispose();
    }
}
