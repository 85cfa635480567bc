using System.Buffers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Jobs;

/// <summary>
/// Appends the rows of parts that are tables to one table, as a run that was not shared out makes it.
/// </summary>
internal sealed class PartTables : PartAppender
{
    private readonly CancellationToken cancel;
    private readonly bool wholeIds = true;
    private readonly KeptColumns kept = new();
    private readonly ArrayBufferWriter<byte> row = new();
    private readonly RecordFormat format;
    private ColumnResultWriter? table;

    /// <summary>Looks at the columns of all parts; what is wrong with one is told when its turn comes.</summary>
    public PartTables(
        IJobStorage storage, IReadOnlyList<string> parts, Stream output, RecordFormat format, CancellationToken cancel)
        : base(storage, output)
    {
        (this.format, this.cancel) = (format, cancel);
        foreach (string path in parts)
        {
            try
            {
                using TableResultReader part = new(storage.OpenRead(path), path);
                wholeIds &= part.HasWholeIds;
                kept.Add(part.Columns);
                if (part.Columns.Any(column => column is { Name: KeptFields.Key, Type: ResultType.Json }))
                    AddRows(part);
            }
            catch (GauFormatException)
            {
                wholeIds = false;
            }
        }
    }

    // Of what types the fields without a column are, rows alone tell; they may have one in another part.
    private void AddRows(TableResultReader part)
    {
        while (part.Read(row))
        {
            cancel.ThrowIfCancellationRequested();
            kept.Add(row.WrittenSpan);
            row.ResetWrittenCount();
        }
    }

    public override void Append(string path, FileMark mark, int headerBytes, long rows)
    {
        CheckAll(path, mark, cancel);
        using TableResultReader part = new(Storage.OpenRead(path), path);
        table ??= TableResults.Create(format, Output, kept.In(part.Columns), wholeIds, part.Vectors);
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
