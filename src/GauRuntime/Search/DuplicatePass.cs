using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using GauRuntime.Encoder;
using GauRuntime.Kernels;

namespace GauRuntime.Search;

/// <summary>
/// Finds for a block of vectors the most similar leaders. Columns are multiplied stage by stage, until the rest of a
/// pair's columns cannot bring it to the threshold.
/// </summary>
internal sealed unsafe class DuplicatePass : RowBlocks, IDisposable
{
    private const int Rows = 256, Ahead = DuplicateSearch.Block;
    private const int FewPairs = 16;   // fewer than 1 pair of so many is finished by itself

    private readonly EmbeddingVectors vectors;
    private readonly QuantizedRows leaders;
    private readonly TailNorms leaderTails, blockTails;
    private readonly List<int> leaderRows;
    private readonly QueryRows block;
    private readonly Worker[] workers;

    public DuplicatePass(
        EmbeddingVectors vectors, QuantizedRows leaders, TailNorms leaderTails, List<int> leaderRows, QueryRows block,
        TailNorms blockTails, int threads)
        : base(0, Rows, CancellationToken.None)
    {
        (this.vectors, this.leaders, this.leaderTails, this.leaderRows) = (vectors, leaders, leaderTails, leaderRows);
        (this.block, this.blockTails) = (block, blockTails);
        workers = [.. Enumerable.Range(0, threads).Select(_ => new Worker(vectors.Dimensions))];
    }

    /// <summary>Begins with another block, and all leaders that there are.</summary>
    public void Begin(float threshold)
    {
        Restart(leaderRows.Count);
        foreach (Worker worker in workers)
            worker.Begin(threshold, block.Count);
    }

    /// <summary>
    /// The most similar leader of a vector of the block; its First is −1 where none reaches the threshold.
    /// </summary>
    public NearDuplicate Best(int index)
    {
        NearDuplicate best = new(-1, 0);
        foreach (Worker worker in workers)
        {
            NearDuplicate other = worker.Best[index];
            if (other.First >= 0 && Worker.IsBetter(other, best))
                best = other;
        }
        return best;
    }

    public void Dispose() => Array.ForEach(workers, worker => worker.Dispose());

    protected override void Do(int worker, int first, int rows)
    {
        Worker state = workers[worker];
        int* sums = state.Sums, part = state.Part;
        int pairs = rows * Ahead;
        for (int stage = 0; ; stage++)
        {
            int from = stage * TailNorms.Width, width = Math.Min(TailNorms.Width, block.Stride - from);
            Int8Dots.Multiply(
                block.Quantized + from, block.Stride, block.Count, leaders.Values(first) + from, vectors.Dimensions,
                rows, width, stage == 0 ? sums : part, Ahead);
            if (stage > 0)
            {
                Span<int> all = new(sums, pairs);
                TensorPrimitives.Add<int>(all, new ReadOnlySpan<int>(part, pairs), all);
            }
            bool isLast = stage == leaderTails.Stages - 1;
            int left = Survivors(state, first, rows, isLast ? -1 : stage);
            if (left == 0)
                return;
            if (!isLast && left * FewPairs > pairs)
                continue;
            for (int i = 0; i < left; i++)
                Finish(state, first, state.Pairs[i], isLast ? block.Stride : from + width);
            return;
        }
    }

    // The pairs whose bound, with what is left of the columns, reaches what their vector needs.
    private int Survivors(Worker state, int first, int rows, int stage)
    {
        int left = 0;
        float* tails = stage < 0 ? null : blockTails.Behind(stage);
        fixed (float* scales = block.Scales, errors = block.Errors, floors = state.Floors)
        {
            for (int row = 0; row < rows; row++)
            {
                float error = leaders.Errors[first + row];
                Vector256<float> scale = Vector256.Create(leaders.Scales[first + row]);
                Vector256<float> constant = Vector256.Create(error + QueryRows.Margin);
                Vector256<float> factor = Vector256.Create(1 + error);
                Vector256<float> tail = Vector256.Create(stage < 0 ? 0 : leaderTails.Behind(stage)[first + row]);
                int* sums = state.Sums + row * Ahead;
                for (int a = 0; a < block.Count; a += Vector256<float>.Count)
                {
                    Vector256<float> middle =
                        Vector256.ConvertToSingle(Vector256.Load(sums + a)) * (scale * Vector256.Load(scales + a));
                    Vector256<float> upper = middle + (constant + factor * Vector256.Load(errors + a));
                    if (tails != null)
                        upper += tail * Vector256.Load(tails + a);
                    uint reached =
                        Vector256.GreaterThanOrEqual(upper, Vector256.Load(floors + a)).ExtractMostSignificantBits();
                    for (; reached != 0; reached &= reached - 1)
                        state.Pairs[left++] = row * Ahead + a + BitOperations.TrailingZeroCount(reached);
                }
            }
        }
        return left;
    }

    // The rest of a pair's columns, and where the bound still reaches, its score.
    private void Finish(Worker state, int first, int pair, int from)
    {
        int row = first + pair / Ahead, a = pair % Ahead;
        int sum = state.Sums[pair];
        if (from < block.Stride)
            sum += Int8Dots.One(
                block.Quantized + (long)a * block.Stride + from, leaders.Values(row) + from, block.Stride - from);
        float error = leaders.Errors[row];
        float upper = sum * (leaders.Scales[row] * block.Scales[a])
            + (error + QueryRows.Margin + (1 + error) * block.Errors[a]);
        if (upper < state.Floors[a])
            return;
        vectors.CopyTo(leaderRows[row], state.Vector);
        fixed (float* x = state.Vector)
        {
            int n = vectors.Dimensions;
            float score = Direction.Cosine(x, block.Vector(a), n, Direction.Length(x, n) * block.Lengths[a]);
            state.Take(a, new NearDuplicate(leaderRows[row], score));
        }
    }

    /// <summary>What one thread works with.</summary>
    private sealed class Worker : IDisposable
    {
        private readonly NativeBuffer<int> sums = NativeBuffer<int>.Of(2L * Rows * Ahead);

        public Worker(int dimensions) => Vector = new float[dimensions];

        /// <summary>[leaders, vectors of the block].</summary>
        public int* Sums => sums.Address;

        /// <summary>The same of one stage.</summary>
        public int* Part => sums.Address + Rows * Ahead;

        /// <summary>Pairs that are left, as indexes of <see cref="Sums"/>.</summary>
        public int[] Pairs { get; } = new int[Rows * Ahead];

        /// <summary>Of each vector of the block the least score that would change <see cref="Best"/>.</summary>
        public float[] Floors { get; } = new float[Ahead];

        /// <summary>The most similar leader that this thread has found.</summary>
        public NearDuplicate[] Best { get; } = new NearDuplicate[Ahead];

        /// <summary>Room for a vector.</summary>
        public float[] Vector { get; }

        public static bool IsBetter(NearDuplicate a, NearDuplicate b) =>
            b.First < 0 || a.Similarity > b.Similarity || a.Similarity == b.Similarity && a.First < b.First;

        public void Begin(float threshold, int count)
        {
            Array.Fill(Floors, float.PositiveInfinity);
            Array.Fill(Floors, threshold, 0, count);
            Array.Fill(Best, new NearDuplicate(-1, 0));
        }

        public void Take(int index, NearDuplicate other)
        {
            if (other.Similarity < Floors[index] || !IsBetter(other, Best[index]))
                return;
            Best[index] = other;
            Floors[index] = other.Similarity;
        }

        public void Dispose() => sums.Dispose();
    }
}
