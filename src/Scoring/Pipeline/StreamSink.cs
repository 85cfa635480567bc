using System.Buffers;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>Rows into a stream, a batch at a time.</summary>
internal sealed class StreamSink(Stream output, Stream? rejects) : RowSink
{
    private readonly ArrayBufferWriter<byte> rows = new();

    public override bool WantsRejects => rejects is not null;

    public override void Reject(ReadOnlySpan<byte> reject) => rejects?.Write(reject);

    public override void Header(ReadOnlySpan<byte> header, in RunCounts counts) => output.Write(header);

    public override void Row(
        in BatchEntry entry, ReadOnlySpan<byte> row, ReadOnlySpan<byte> reject, in RunCounts counts)
    {
        rows.Write(row);
        rejects?.Write(reject);
    }

    public override void EndBatch()
    {
        output.Write(rows.WrittenSpan);
        rows.ResetWrittenCount();
    }

    public override void Stop() => Complete();

    public override void Complete()
    {
        EndBatch();
        output.Flush();
        rejects?.Flush();
    }
}
