namespace GauRuntime.Benchmarks.Kernels.Cases;

/// <summary>A table of the report.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Unit">Of rates and peaks: 10⁹ operations or bytes per second.</param>
/// <param name="Note">What is measured.</param>
internal sealed record Section(string Title, string Unit, string Note)
{
    public static Section Float { get; } = new(
        "Float products", "GFLOP/s",
        "[M, K] x [K, N]; the weights of 24 layers in turn. Swish takes time, but counts for no operation. Peak: fused "
        + "multiply-adds on registers.");

    public static Section Int8 { get; } = new(
        "int8 products", "Gop/s",
        "As the float products, with the quantization of A in the time. Peak: int8 dot products on registers.");

    public static Section Attention { get; } = new(
        "Attention products", "Gop/s",
        "128 queries, n keys, blocks of 64; operands are quantized already. Peak: int8 dot products on registers.");

    public static Section Elementwise { get; } = new(
        "Element-wise kernels", "GB/s",
        "Bytes read and written. Peak: copying as many bytes between two buffers, in the caches that these fit in.");
}
