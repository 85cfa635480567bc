namespace GauRuntime.Kernels;

/// <summary>The kernels, written once over a vector width and an int8 dot product.</summary>
internal sealed unsafe partial class VectorKernels<TLanes, TF, TI, TDot, TB, TA> : KernelSet
    where TLanes : struct, ILanes<TF, TI>
    where TDot : struct, IDot<TI, TB, TA>
    where TF : struct
    where TI : struct
    where TB : struct
    where TA : struct
{
    /// <summary>Columns of a panel of packed weights.</summary>
    private const int Panel = 16;

    /// <summary>Rows of a tile. With two vectors of columns: 12 sums, 2 weights and an activation in 16 registers.</summary>
    private const int TileRows = 6;

    /// <summary>Rows that go over all of B before the next: their activations stay in the L2 cache.</summary>
    private const int ChunkRows = 126;

    /// <summary>1.5 · 2²³: a float this large has its last place at 1.</summary>
    private const float Magic = 12582912f;

    /// <summary>The bits of <see cref="Magic"/>.</summary>
    private const int MagicBits = 0x4B400000;
}
