using GauRuntime.Encoder;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Search;

/// <summary>The centres of clusters, row by row and as panels that kernels multiply with.</summary>
/// <param name="count">Centres.</param>
/// <param name="dimensions">Numbers of each.</param>
internal sealed unsafe class CentrePanels(int count, int dimensions) : IDisposable
{
    private readonly NativeBuffer<float> rows = NativeBuffer<float>.Of((long)count * dimensions);
    private readonly NativeBuffer<float> panels =
        NativeBuffer<float>.Of((long)AxisLayout.Pad(count) * AxisLayout.Pad(dimensions));

    /// <summary>Columns of a padded row.</summary>
    public int Depth { get; } = AxisLayout.Pad(dimensions);

    /// <summary>Panels of 16 centres.</summary>
    public int Panels { get; } = AxisLayout.Pad(count) / AxisLayout.Unit;

    /// <summary>How many centres.</summary>
    public int Count => count;

    /// <summary>A centre.</summary>
    public float* Row(int index) => rows.Address + (long)index * dimensions;

    /// <summary>Some panels.</summary>
    public FloatPanels From(int panel) =>
        new FloatPanels(panels.Address, (long)Depth * AxisLayout.Unit, Depth).From(panel);

    /// <summary>Sets a centre.</summary>
    /// <param name="index">Which.</param>
    /// <param name="x">[dimensions], of length 1.</param>
    public void Set(int index, ReadOnlySpan<float> x)
    {
        x.CopyTo(new Span<float>(Row(index), dimensions));
        float* panel = panels.Address + (long)(index / AxisLayout.Unit) * Depth * AxisLayout.Unit;
        for (int k = 0; k < x.Length; k++)
            panel[k * AxisLayout.Unit + index % AxisLayout.Unit] = x[k];
    }

    public void Dispose()
    {
        rows.Dispose();
        panels.Dispose();
    }
}
