using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels;

/// <summary>Sizes that all products share.</summary>
internal static class Tiling
{
    /// <summary>Columns of a panel of packed weights.</summary>
    public const int Panel = AxisLayout.Unit;

    /// <summary>
    /// Rows of a tile of intrinsics. With two vectors of columns: 12 sums, 2 weights and an activation in 16 registers.
    /// </summary>
    public const int Rows = 6;
}
