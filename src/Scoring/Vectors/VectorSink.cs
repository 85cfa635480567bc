using System.Buffers;
using GauRuntime.Answers;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Vectors;

/// <summary>Takes the vectors of a run instead of writing rows.</summary>
/// <param name="table">Where they go.</param>
/// <param name="rejects">Where rejected records go as well, or null.</param>
internal sealed class VectorSink(VectorTable table, Stream? rejects) : RowSink
{
    private readonly ArrayBufferWriter<byte> lines = new();

    public override bool WantsRejects => rejects is not null || table.KeepsRejects;

    public override bool WantsRows => false;

    public override void Reject(ReadOnlySpan<byte> reject) => rejects?.Write(reject);

    public override void Header(ReadOnlySpan<byte> header, in RunCounts counts)
    {
    }

    public override void Row(
        in BatchEntry entry, ReadOnlySpan<byte> row, ReadOnlySpan<byte> reject, in RunCounts counts)
    {
        if (rejects is not null)
            lines.Write(reject);
        if (entry.Answer.Error is { } error)
        {
            table.Reject(entry.Record, error);
            return;
        }
        if (table.Add(entry.Record.Id, ((VectorAnswer)entry.Answer.Value!).Values, entry.Record.Text) is { } fault)
            throw new GauFormatException(table.Name, $"record {entry.Record.Number}", fault);
    }

    public override void EndBatch()
    {
        rejects?.Write(lines.WrittenSpan);
        lines.ResetWrittenCount();
    }

    public override void Stop() => EndBatch();

    public override void Complete()
    {
        EndBatch();
        rejects?.Flush();
    }
}
