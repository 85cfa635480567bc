using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels.Assembled;

/// <summary>Bias and activation of a stripe that a product has just written, while it is in the L1 cache.</summary>
internal sealed unsafe class AssembledActivation
{
    private readonly TileTable swish = Table(Activation.Swish), relu = Table(Activation.Relu),
        gelu = Table(Activation.Gelu), geluTanh = Table(Activation.GeluTanh), identity = Table(Activation.Identity),
        shortSwish = ShortTable(Activation.Swish), shortGelu = ShortTable(Activation.Gelu),
        shortGeluTanh = ShortTable(Activation.GeluTanh);

    /// <summary>x ← act(x + bias).</summary>
    /// <param name="activation">Identity, swish, relu, gelu or its tanh form.</param>
    /// <param name="x">[rows, ldx].</param>
    /// <param name="ldx">Row stride in floats.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="vectors">Vectors of 16 columns: 1 or 2.</param>
    /// <param name="bias">[vectors], or null: nothing is added.</param>
    /// <exception cref="ArgumentOutOfRangeException">No tile has the activation.</exception>
    public void Apply(KernelActivation activation, float* x, int ldx, int rows, int vectors, float* bias)
    {
        if (activation.Function == Activation.Identity && bias == null)
            return;
        bool brief = activation.Short;
        TileTable tiles = activation.Function switch
        {
            Activation.Swish => brief ? shortSwish : swish,
            Activation.Relu => relu,
            Activation.Gelu => brief ? shortGelu : gelu,
            Activation.GeluTanh => brief ? shortGeluTanh : geluTanh,
            Activation.Identity => identity,
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation.Function, "no tile has it"),
        };
        const int Group = ActivationTile.GroupRows;
        if (rows >= Group)
            Run(tiles[Group, vectors], x, ldx, rows / Group, bias);
        if (rows % Group != 0)
            Run(tiles[1, vectors], x + (long)(rows - 1) * ldx, ldx, 1, bias);
    }

    private static TileTable ShortTable(Activation function) => Table(new KernelActivation(function, Short: true));

    private static TileTable Table(KernelActivation activation) => new(
        ActivationTile.GroupRows, (rows, vectors) => new ActivationTile(activation, rows, vectors));

    private static void Run(nint tile, float* x, int ldx, int groups, float* bias)
    {
        ActivationArguments arguments = new()
        {
            X = x, RowBytes = (nint)ldx * sizeof(float), Groups = groups, Bias = bias,
        };
        ((delegate* unmanaged[SuppressGCTransition]<ActivationArguments*, void>)tile)(&arguments);
    }
}
