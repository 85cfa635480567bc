namespace GauRuntime.Benchmarks.Peers.Onnx;

/// <summary>How a graph multiplies by a weight matrix.</summary>
internal enum MatrixForm
{
    /// <summary>MatMul in float.</summary>
    Float,
    /// <summary>
    /// What quantize_dynamic writes: DynamicQuantizeLinear, MatMulInteger, Cast, Mul; weights per column.
    /// </summary>
    Integer,
    /// <summary>com.microsoft.DynamicQuantizeMatMul; weights per column.</summary>
    Dynamic,
    /// <summary>com.microsoft.MatMulNBits with 8 bits, blocks of 64, int8 activations (accuracy level 4).</summary>
    Blocks,
}
