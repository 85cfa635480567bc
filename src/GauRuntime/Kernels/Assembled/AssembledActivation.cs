using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels.Assembled;

/// <summary>Activations of a stripe that a product has just written, while it is in the L1 cache.</summary>
internal sealed unsafe class AssembledActivation
{
    private readonly TileTable swish = new(
        ActivationTile.GroupRows, (rows, vectors) => new ActivationTile(Activation.Swish, rows, vectors));

    private readonly TileTable relu = new(
        ActivationTile.GroupRows, (rows, vectors) => new ActivationTile(Activation.Relu, rows, vectors));

    /// <summary>x ← act(x).</summary>
    /// <param name="activation">Swish, relu or identity.</param>
    /// <param name="x">[rows, ldx].</param>
    /// <param name="ldx">Row stride in floats.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="vectors">Vectors of 16 columns: 1 or 2.</param>
    public void Apply(Activation activation, float* x, int ldx, int rows, int vectors)
    {
        if (activation == Activation.Identity) return;
        TileTable tiles = activation == Activation.Swish ? swish : relu;
        const int Group = ActivationTile.GroupRows;
        if (rows >= Group) Run(tiles[Group, vectors], x, ldx, rows / Group);
        if (rows % Group != 0) Run(tiles[1, vectors], x + (long)(rows - 1) * ldx, ldx, 1);
    }

    private static void Run(nint tile, float* x, int ldx, int groups)
    {
        ActivationArguments arguments = new() { X = x, RowBytes = (nint)ldx * sizeof(float), Groups = groups };
        ((delegate* unmanaged[SuppressGCTransition]<ActivationArguments*, void>)tile)(&arguments);
    }
}
