using GauRuntime.Threads;

namespace GauRuntime.Search;

/// <summary>Work on rows that threads take block by block.</summary>
/// <param name="count">Rows.</param>
/// <param name="block">Rows of a block.</param>
/// <param name="cancel">Ends the work between two blocks.</param>
internal abstract class RowBlocks(int count, int block, CancellationToken cancel) : PoolWork
{
    private int next;

    /// <summary>Begins again, on other numbers of rows.</summary>
    protected void Restart(int rows) => (count, next) = (rows, 0);

    public sealed override void Execute(int worker)
    {
        for (int first; (first = Take()) < count;)
        {
            cancel.ThrowIfCancellationRequested();
            Do(worker, first, Math.Min(block, count - first));
        }
    }

    /// <summary>Does a block.</summary>
    /// <param name="worker">The thread.</param>
    /// <param name="first">The first row.</param>
    /// <param name="rows">How many.</param>
    protected abstract void Do(int worker, int first, int rows);

    // A number of the block, so that no count of rows can overflow.
    private int Take() => (int)Math.Min((long)(Interlocked.Increment(ref next) - 1) * block, int.MaxValue);
}
