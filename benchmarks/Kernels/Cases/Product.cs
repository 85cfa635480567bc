using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Kernels.Cases;

/// <summary>act([M, K] x [K, N]): a dense layer.</summary>
internal sealed record Product(int M, int N, int K, Activation Activation = Activation.Identity)
{
    /// <summary>Weights in memory, used in turn: as many as GAU-α base has layers.</summary>
    public const int Layers = 24;

    /// <summary>The dense layers of a gated attention unit, and once the activation of the first of them.</summary>
    public static IReadOnlyList<Product> All { get; } =
    [
        new(128, 3200, 768), new(512, 3200, 768), new(2048, 3200, 768),
        new(128, 768, 1536), new(512, 768, 1536), new(2048, 768, 1536),
        new(512, 3200, 768, Activation.Swish),
    ];

    public string Name => Activation == Activation.Identity ? $"N = {N}, K = {K}" : $"N = {N}, K = {K}, swish";

    public string Shape => $"M = {M}";

    /// <summary>A multiplication and an addition are two.</summary>
    public double Operations => 2.0 * M * N * K;
}
