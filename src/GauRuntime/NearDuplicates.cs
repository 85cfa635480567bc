using GauRuntime.Search;
using GauRuntime.Threads;
using GauRuntime.Weights;

namespace GauRuntime;

/// <summary>Groups vectors that are nearly the same.</summary>
/// <remarks>
/// The first vector leads a group. Every other joins, of the groups led by a vector before it to which its cosine is at
/// least the threshold, that of the most similar, of equals the earliest; where there is none, it leads a group of its
/// own. So every vector is as similar to the first of its group as was asked for, and no two first ones are: who keeps
/// the first of each group keeps one of everything, and loses nothing that has no near duplicate left. The groups are
/// those of comparing all vectors, whatever the threads and the machine.
/// </remarks>
public static class NearDuplicates
{
    /// <summary>Finds the groups.</summary>
    /// <param name="vectors">The vectors, in the order in which the first of a group is chosen.</param>
    /// <param name="threshold">The least cosine of near duplicates, above −1 and at most 1.</param>
    /// <param name="threads">
    /// Threads; null: the processors that this process may use, <see cref="ThreadLimit"/>.
    /// </param>
    /// <param name="progress">Told after every few vectors.</param>
    /// <param name="cancel">Ends the call between a few vectors.</param>
    /// <returns>For every vector the first of its group, and the similarity to that.</returns>
    /// <remarks>
    /// Time grows with the square of the groups, not of the vectors. Memory holds dimensions + 8 bytes and a few floats
    /// of the first vector of every group, and 8 bytes of every vector.
    /// </remarks>
    /// <exception cref="GauFormatException">A vector has no direction.</exception>
    /// <exception cref="IOException">The file of the vectors cannot be read, or was changed meanwhile.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IReadOnlyList<NearDuplicate> Find(
        EmbeddingVectors vectors, float threshold, int? threads = null, IProgress<BatchProgress>? progress = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        if (!(threshold > -1 && threshold <= 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "above −1, and at most 1");
        int count = threads ?? ThreadLimit.Of(Environment.GetEnvironmentVariable);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(threads));
        NearDuplicate[] found = new NearDuplicate[vectors.Count];
        using WorkerPool pool = new(count);
        using DuplicateSearch search = new(vectors, threshold, pool);
        for (int first = 0; first < found.Length; first += DuplicateSearch.Block)
        {
            cancel.ThrowIfCancellationRequested();
            int rows = Math.Min(DuplicateSearch.Block, found.Length - first);
            search.Find(first, found.AsSpan(first, rows));
            progress?.Report(new BatchProgress(first + rows, found.Length));
        }
        vectors.RequireUnchanged();
        return found;
    }
}
