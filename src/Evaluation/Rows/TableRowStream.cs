using System.Buffers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;

namespace GauRuntime.Evaluation.Rows;

/// <summary>The rows of a Parquet or Arrow file of results as JSON Lines.</summary>
internal sealed class TableRowStream(TableResultReader table) : ForwardStream
{
    private readonly ArrayBufferWriter<byte> row = new();
    private int taken;

    public override int Read(Span<byte> buffer)
    {
        if (taken == row.WrittenCount)
        {
            row.ResetWrittenCount();
            taken = 0;
            if (!table.Read(row))
                return 0;
        }
        int count = Math.Min(buffer.Length, row.WrittenCount - taken);
        row.WrittenSpan.Slice(taken, count).CopyTo(buffer);
        taken += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            table.Dispose();
        base.Dispose(disposing);
    }
}
