using GauRuntime.Train.Numbers;

namespace GauRuntime.Train.Data;

/// <summary>
/// The batches of an epoch: every sample once, in an order and company that nothing but lengths, seed and epoch decide.
/// </summary>
/// <remarks>
/// The samples in random order, some 64 batches of them at a time, are put in order of length and cut where one more,
/// padded to the longest, would be more tokens than allowed; then all batches are shuffled. Whoever goes on with an
/// epoch makes the same plan again. Immutable, thread-safe.
/// </remarks>
internal sealed class BatchPlan
{
    private const int BatchesAtATime = 64;

    /// <summary>Plans an epoch.</summary>
    /// <param name="lengths">Tokens of each sample.</param>
    /// <param name="tokens">
    /// Most tokens of a batch, padding included; a sample that is longer is a batch of its own.
    /// </param>
    /// <param name="seed">Of the run.</param>
    /// <param name="epoch">From 0.</param>
    public BatchPlan(ReadOnlySpan<ushort> lengths, int tokens, ulong seed, long epoch)
    {
        ulong own = Seeds.Mix64(seed, (ulong)epoch);
        int[] order = Permutation.Of(lengths.Length, own);
        List<int[]> batches = [];
        for (int start = 0, end; start < order.Length; start = end)
        {
            long taken = 0;
            for (end = start; end < order.Length && taken < (long)BatchesAtATime * tokens; end++)
                taken += lengths[order[end]];
            Cut(order.AsSpan(start, end - start), lengths, tokens, batches);
        }
        Batches = [.. batches];
        Permutation.Shuffle<int[]>(Batches, Seeds.Mix64(own, 1));
    }

    /// <summary>The batches in their order: places of samples, none empty.</summary>
    public int[][] Batches { get; }

    private static void Cut(Span<int> samples, ReadOnlySpan<ushort> lengths, int tokens, List<int[]> batches)
    {
        long[] keys = new long[samples.Length];   // no two are equal, so that every sort gives the same order
        for (int i = 0; i < keys.Length; i++)
            keys[i] = ((long)lengths[samples[i]] << 32) | (uint)i;
        keys.AsSpan().Sort(samples);
        for (int start = 0, end; start < samples.Length; start = end)
        {
            end = start + 1;
            while (end < samples.Length && (end + 1L - start) * lengths[samples[end]] <= tokens)
                end++;
            batches.Add(samples[start..end].ToArray());
        }
    }
}
