namespace GauRuntime.Kernels;

/// <summary>What the time of a pass is told apart by, in the order of a layer.</summary>
internal enum PassStep
{
    /// <summary>Products of x: u, v and z; q, k and v; the inner width of an FFN.</summary>
    ProductUp,
    /// <summary>Activations.</summary>
    Activation,
    /// <summary>From floats to int8.</summary>
    Quantization,
    /// <summary>RoPE.</summary>
    Rotation,
    /// <summary>q kᵀ.</summary>
    Scores,
    /// <summary>From scores to weights.</summary>
    Softmax,
    /// <summary>A v.</summary>
    Values,
    /// <summary>u ∘ A v, and the factors that weights still lack.</summary>
    Gate,
    /// <summary>Products back to the width of x.</summary>
    ProductDown,
    /// <summary>Residuals and norms, that of the embeddings included.</summary>
    Norm,
}
