using System.Numerics.Tensors;
using GauRuntime.Encoder;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Search;

/// <summary>Gives every vector to the closest of the centres, of equals to the first, and adds it up there.</summary>
internal sealed unsafe class ClusterRound : RowBlocks, IDisposable
{
    private const int Block = 48;
    private const int PanelsAtOnce = 64;   // whose products stay in the second cache

    private readonly CentrePanels centres;
    private readonly ClusterSums sums;
    private readonly int[] clusters;
    private readonly float[] similarities;
    private readonly int dimensions;
    private readonly KernelSet kernels = KernelTiers.Get(KernelTiers.Current);
    private readonly UnitRows[] rows;               // of each thread
    private readonly NativeBuffer<float>[] scores;  // of each thread: [rows of a block, centres at once]
    private readonly int width;
    private int moved;

    /// <param name="vectors">The vectors.</param>
    /// <param name="centres">The centres.</param>
    /// <param name="sums">What is added up.</param>
    /// <param name="clusters">[vectors], the cluster of each.</param>
    /// <param name="similarities">[vectors], the cosine to the centre of it.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="cancel">Ends the work between two blocks.</param>
    public ClusterRound(
        EmbeddingVectors vectors, CentrePanels centres, ClusterSums sums, int[] clusters, float[] similarities,
        int threads, CancellationToken cancel)
        : base(vectors.Count, Block, cancel)
    {
        (this.centres, this.sums, this.clusters, this.similarities) = (centres, sums, clusters, similarities);
        dimensions = vectors.Dimensions;
        width = Math.Min(PanelsAtOnce, centres.Panels) * AxisLayout.Unit;
        rows = [.. Enumerable.Range(0, threads).Select(_ => new UnitRows(vectors, Block, Block, centres.Depth))];
        scores = [.. Enumerable.Range(0, threads).Select(_ => NativeBuffer<float>.Of((long)Block * width))];
    }

    /// <summary>Vectors that went to another cluster.</summary>
    public int Moved => moved;

    /// <summary>Begins a round.</summary>
    public void Begin()
    {
        Restart(clusters.Length);
        sums.Clear();
        moved = 0;
    }

    public void Dispose()
    {
        Array.ForEach(rows, buffer => buffer.Dispose());
        Array.ForEach(scores, buffer => buffer.Dispose());
    }

    protected override void Do(int worker, int first, int count)
    {
        UnitRows block = rows[worker];
        block.Read(first, count);
        Span<int> best = stackalloc int[Block];
        Span<float> most = stackalloc float[Block];
        most.Fill(float.NegativeInfinity);
        float* products = scores[worker].Address;
        for (int panel = 0; panel < centres.Panels; panel += PanelsAtOnce)
        {
            int panels = Math.Min(PanelsAtOnce, centres.Panels - panel), start = panel * AxisLayout.Unit;
            int real = Math.Min(panels * AxisLayout.Unit, centres.Count - start);
            kernels.Multiply(
                block.Row(0), centres.Depth, count, centres.From(panel), panels, products, width, null,
                Activation.Identity);
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<float> row = new(products + (long)i * width, real);
                float greatest = TensorPrimitives.Max(row);
                if (greatest > most[i])
                    (most[i], best[i]) = (greatest, start + row.IndexOf(greatest));
            }
        }
        int others = 0;
        for (int i = 0; i < count; i++)
        {
            float* x = block.Row(i);
            others += clusters[first + i] == best[i] ? 0 : 1;
            clusters[first + i] = best[i];
            similarities[first + i] = Direction.Cosine(x, centres.Row(best[i]), dimensions, 1);
            sums.Add(best[i], x);
        }
        Interlocked.Add(ref moved, others);
    }
}
