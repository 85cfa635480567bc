using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Scoring.Jobs;

/// <summary>Rows into the work files of a job, with an entry in its journal now and then.</summary>
/// <remarks>
/// What an entry says is on the disk before the entry is, so after a loss of power too the last whole entry is true.
/// Compressed rows can only be gone on from behind a whole frame.
/// </remarks>
internal sealed class JobSink : RowSink, IDisposable
{
    private readonly WorkFile output;
    private readonly WorkFile? rejects;
    private readonly Journal journal;
    private readonly TimeSpan interval;
    private readonly RowFrames? frames;
    private readonly RecordSource source;
    private readonly ModelFileReader model;
    private RunCounts counts;
    private UInt128 input;
    private JournalEntry latest;
    private long checkpointTime = Environment.TickCount64;

    /// <summary>Goes on behind an entry.</summary>
    public JobSink(
        ScoringRun run, WorkFile output, WorkFile? rejects, Journal journal, TimeSpan interval,
        Compression compression, JournalEntry start)
    {
        source = run.Source;
        model = run.Task.Model.File;
        this.output = output;
        this.rejects = rejects;
        this.journal = journal;
        this.interval = interval;
        frames = compression == Compression.None ? null : new RowFrames(compression);
        latest = Written = start;
        (counts, input) = (start.Counts, start.Input);
    }

    /// <summary>What the last entry says.</summary>
    public JournalEntry Written { get; private set; }

    public override bool WantsRejects => rejects is not null;

    public override void Reject(ReadOnlySpan<byte> reject) => rejects?.Write(reject);

    public override void Header(ReadOnlySpan<byte> header, in RunCounts counts)
    {
        this.counts = counts;
        if (Write(header))
            Take();
    }

    public override void Row(
        in BatchEntry entry, ReadOnlySpan<byte> row, ReadOnlySpan<byte> reject, in RunCounts counts)
    {
        (this.counts, input) = (counts, entry.InputDigest);
        rejects?.Write(reject);
        if (Write(row))
            Take();
    }

    public override void EndBatch()
    {
        if (Environment.TickCount64 - checkpointTime >= interval.TotalMilliseconds)
            Checkpoint(finished: false);
    }

    public override void Stop() => Checkpoint(finished: false);

    public override void Complete()
    {
        if (frames is not null && (frames.HasRows || output.Mark.Length == 0))
        {
            frames.Close();
            output.Write(frames.Frame);
        }
        input = source.Digest;
        Take();
        latest = latest with { Start = source.StartDigest };
        Checkpoint(finished: true);
    }

    public void Dispose() => frames?.Dispose();

    // Whether everything up to here is in the file, be it buffered.
    private bool Write(ReadOnlySpan<byte> row)
    {
        if (frames is null)
            output.Write(row);
        else if (frames.Add(row))
            output.Write(frames.Frame);
        else
            return false;
        return true;
    }

    private void Take() =>
        latest = new JournalEntry(counts, default, input, output.Mark, rejects?.Mark ?? default, Finished: false);

    private void Checkpoint(bool finished)
    {
        checkpointTime = Environment.TickCount64;
        JournalEntry entry = latest with { Finished = finished };
        if (entry == Written)
            return;
        model.RequireUnchanged();   // what an entry says was computed with the model of the job
        output.Flush();
        rejects?.Flush();
        journal.Append(entry);
        Written = entry;
    }
}
