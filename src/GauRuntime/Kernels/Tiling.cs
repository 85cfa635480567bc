using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels;

/// <summary>Sizes that all products share.</summary>
internal static class Tiling
{
    /// <summary>Columns of a panel of packed weights.</summary>
    public const int Panel = AxisLayout.Unit;

    /// <summary>
    /// Rows of a tile. With two vectors of columns: 12 sums, 2 weights and an activation in 16 registers.
    /// </summary>
    public const int Rows = 6;

    /// <summary>Rows that go over all of B before the next: their activations stay in the L2 cache.</summary>
    public const int ChunkRows = 126;
}
