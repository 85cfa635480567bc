namespace GauRuntime.Benchmarks.Peers.Onnx;

/// <summary>Which of several equivalent graphs to write.</summary>
/// <param name="Matrix">How it multiplies by weights.</param>
/// <param name="Masked">With an input for the attention mask: for padded batches.</param>
/// <param name="Flash">com.microsoft.MultiHeadAttention instead of MatMul, Softmax, MatMul.</param>
internal sealed record GraphForm(MatrixForm Matrix, bool Masked, bool Flash)
{
    public bool Sigmoid { get; init; }
    public bool Whole { get; init; }
}
