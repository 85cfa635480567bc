using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>Where a run's rows go, in order. Used by one thread.</summary>
internal abstract class RowSink
{
    /// <summary>Whether it takes lines for a rejects file.</summary>
    public abstract bool WantsRejects { get; }

    /// <summary>Whether it takes rows; else only the answers in entries.</summary>
    public virtual bool WantsRows => true;

    /// <summary>
    /// Takes the line in the rejects file of a candidate that could not be taken. Not called where a run goes on.
    /// </summary>
    public abstract void Reject(ReadOnlySpan<byte> reject);

    /// <summary>Takes what stands before the first row. Not called where a run goes on.</summary>
    /// <param name="header">What stands there.</param>
    /// <param name="counts">What is written when it is.</param>
    public abstract void Header(ReadOnlySpan<byte> header, in RunCounts counts);

    /// <summary>Takes the row of a record, or all its rows.</summary>
    /// <param name="entry">The record and its answer.</param>
    /// <param name="row">The row, or rows; empty where none is wanted.</param>
    /// <param name="reject">Its line in the rejects file; empty where the record was scored.</param>
    /// <param name="counts">What is written when this row is.</param>
    public abstract void Row(
        in BatchEntry entry, ReadOnlySpan<byte> row, ReadOnlySpan<byte> reject, in RunCounts counts);

    /// <summary>A batch is complete: a good moment to hand on what was taken.</summary>
    public abstract void EndBatch();

    /// <summary>The run stops here, and may go on another time.</summary>
    public abstract void Stop();

    /// <summary>That was the last row.</summary>
    public abstract void Complete();
}
