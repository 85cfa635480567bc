using System.Buffers;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Jobs;

/// <summary>
/// Appends the rows of parts that are tables to one table, as a run that was not shared out makes it.
/// </summary>
internal sealed class PartTables(
    IJobStorage storage, IReadOnlyList<string> parts, Stream output, CancellationToken cancel)
    : PartAppender(storage, output)
{
    private readonly bool wholeIds = parts.All(part => HasWholeIds(storage, part));
    private readonly ArrayBufferWriter<byte> row = new();
    private ParquetResultWriter? table;

    public override void Append(string path, FileMark mark, int headerBytes, long rows)
    {
        CheckAll(path, mark);
        using ParquetResultReader part = new(Storage.OpenRead(path), path);
        table ??= new ParquetResultWriter(Output, part.Columns, wholeIds, part.Vectors);
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

    private static bool HasWholeIds(IJobStorage storage, string path)
    {
        try
        {
            using ParquetResultReader part = new(storage.OpenRead(path), path);
            return part.HasWholeIds;
        }
        catch (GauFormatException)
        {
            return false;   // what is wrong is told when its turn comes
        }
    }

    public override void Dispose()
    {
        table?.Dispose();
        base.Dispose();
    }
}
