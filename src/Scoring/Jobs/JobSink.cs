using GauRuntime.Scoring.Pipeline;

namespace GauRuntime.Scoring.Jobs;

/// <summary>Rows into the work files of a job, with an entry in its journal now and then.</summary>
/// <remarks>
/// What an entry says is on the disk before the entry is, so after a loss of power too the last whole entry is true.
/// </remarks>
internal sealed class JobSink(WorkFile output, WorkFile? rejects, Journal journal, TimeSpan interval, JournalEntry start)
    : RowSink
{
    private JournalEntry latest = start;
    private JournalEntry written = start;
    private long checkpointTime = Environment.TickCount64;

    /// <summary>What the last entry says.</summary>
    public JournalEntry Written => written;

    public override bool WantsRejects => rejects is not null;

    public override void Header(ReadOnlySpan<byte> header)
    {
        output.Write(header);
        Take(default, 0);
    }

    public override void Row(
        ReadOnlySpan<byte> row, ReadOnlySpan<byte> reject, in RunCounts counts, UInt128 inputDigest)
    {
        output.Write(row);
        rejects?.Write(reject);
        Take(counts, inputDigest);
    }

    public override void EndBatch()
    {
        if (Environment.TickCount64 - checkpointTime >= interval.TotalMilliseconds)
            Checkpoint(finished: false);
    }

    public override void Stop() => Checkpoint(finished: false);

    public override void Complete() => Checkpoint(finished: true);

    private void Take(in RunCounts counts, UInt128 inputDigest) =>
        latest = new JournalEntry(counts, inputDigest, output.Mark, rejects?.Mark ?? default, Finished: false);

    private void Checkpoint(bool finished)
    {
        checkpointTime = Environment.TickCount64;
        JournalEntry entry = latest with { Finished = finished };
        if (entry == written)
            return;
        output.Flush();
        rejects?.Flush();
        journal.Append(entry);
        written = entry;
    }
}
