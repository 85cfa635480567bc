using GauRuntime.Train.Numbers;

namespace GauRuntime.Train.Data;

/// <summary>
/// The batches of an epoch: every sample once, in an order and company that nothing but lengths, seed and epoch decide.
/// </summary>
/// <remarks>
/// Samples are taken in random order and put beside others of about their length; a batch is full where one more,
/// padded to the longest, would be more tokens than allowed. The batches then are shuffled. Whoever goes on with an
/// epoch makes the same plan again. Immutable, thread-safe.
/// </remarks>
internal sealed class BatchPlan
{
    private const int BucketWidth = 32;   // tokens

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
        List<int[]> batches = [];
        Bucket[] buckets = new Bucket[ushort.MaxValue / BucketWidth + 1];
        foreach (int index in Permutation.Of(lengths.Length, own))
        {
            Bucket bucket = buckets[lengths[index] / BucketWidth] ??= new Bucket();
            int longest = Math.Max(bucket.Longest, lengths[index]);
            if (bucket.Samples.Count > 0 && (bucket.Samples.Count + 1L) * longest > tokens)
            {
                batches.Add([.. bucket.Samples]);
                bucket.Samples.Clear();
                longest = lengths[index];
            }
            bucket.Samples.Add(index);
            bucket.Longest = longest;
        }
        batches.AddRange(buckets.Where(bucket => bucket is not null).Select(bucket => bucket.Samples.ToArray()));
        Batches = [.. batches];
        Permutation.Shuffle<int[]>(Batches, Seeds.Mix64(own, 1));
    }

    /// <summary>The batches in their order: places of samples, none empty.</summary>
    public int[][] Batches { get; }

    private sealed class Bucket
    {
        public List<int> Samples { get; } = [];

        public int Longest { get; set; }
    }
}
