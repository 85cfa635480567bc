namespace GauRuntime.Weights.ModelFile;

/// <summary>How a tensor of a model file is stored.</summary>
internal enum TensorRole
{
    /// <summary>
    /// A weight matrix of the encoder: panels of 16 outputs, float or int8 blocks by the file's type.
    /// </summary>
    Matrix,
    /// <summary>A weight matrix of a head: panels of 16 outputs, always float.</summary>
    FloatMatrix,
    /// <summary>Rows of floats: vectors and the segment embeddings.</summary>
    Rows,
}

/// <summary>A tensor of a model: its name, its logical shape and how its axes are stored.</summary>
/// <param name="Name">Canonical name.</param>
/// <param name="Role">How it is stored.</param>
/// <param name="Outputs">Rows of the logical matrix W [out, in]; of y = W x the outputs.</param>
/// <param name="Inputs">
/// Columns of the logical matrix; for <see cref="TensorRole.Rows"/> the only axis with padding.
/// </param>
internal sealed record TensorSpec(string Name, TensorRole Role, AxisLayout Outputs, AxisLayout Inputs)
{
    /// <summary>Logical rows (out); 1 for a vector.</summary>
    public int Rows => Outputs.Size;

    /// <summary>Logical columns (in); the length of a vector.</summary>
    public int Columns => Inputs.Size;
}
