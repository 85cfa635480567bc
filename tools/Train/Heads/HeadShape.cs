using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Heads;

/// <summary>Where the numbers of a head stand among its parameters: D, d, W, b; without a hidden layer W, b.</summary>
/// <param name="Inputs">h.</param>
/// <param name="Hidden">Width of the hidden layer, behind which tanh is; 0: there is none.</param>
/// <param name="Outputs">Labels.</param>
/// <param name="Problem">What they mean.</param>
internal sealed record HeadShape(int Inputs, int Hidden, int Outputs, ProblemType Problem)
{
    /// <summary>What the output layer reads.</summary>
    public int Width => Hidden > 0 ? Hidden : Inputs;

    /// <summary>All parameters, also where they are too many for an array.</summary>
    public long Parameters => Hidden * (Inputs + 1L) + Outputs * (Width + 1L);

    /// <summary>All parameters.</summary>
    public int Count => checked((int)Parameters);

    /// <summary>D [hidden, h].</summary>
    public Range Dense => ..(Hidden * Inputs);

    /// <summary>d [hidden].</summary>
    public Range DenseBias => (Hidden * Inputs)..(Hidden * (Inputs + 1));

    /// <summary>W [outputs, width].</summary>
    public Range Out => (Hidden * (Inputs + 1))..(Hidden * (Inputs + 1) + Outputs * Width);

    /// <summary>b [outputs].</summary>
    public Range OutBias => (Count - Outputs)..;
}
