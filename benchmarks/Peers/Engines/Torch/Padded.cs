using GauRuntime.Weights.ModelFile;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Benchmarks.Peers.Engines.Torch;

/// <summary>A padded batch of <see cref="TorchEngine"/>, with what follows from the lengths of its texts.</summary>
internal sealed class Padded : IDisposable
{
    private readonly Tensor cosines, sines;   // [n, s / 2]

    public Padded(int[][] texts, ModelConfig config, ScalarType type, bool masked)
    {
        Texts = texts;
        using DisposeScope scope = NewDisposeScope();
        int n = texts.Max(text => text.Length), half = config.KeySize / 2;
        long[] ids = new long[texts.Length * n];
        float[] bias = new float[ids.Length], factors = new float[texts.Length];
        Array.Fill(bias, -10_000);
        for (int i = 0; i < texts.Length; i++)
        {
            for (int j = 0; j < texts[i].Length; j++)
                (ids[i * n + j], bias[i * n + j]) = (texts[i][j], 0);
            factors[i] = (float)(Math.Log(Math.Max(texts[i].Length, config.MinKeys)) / Math.Log(512)
                / Math.Sqrt(config.KeySize));
        }
        Ids = tensor(ids).reshape(texts.Length, n);
        Factor = tensor(factors).reshape(-1, 1, 1).to(type);
        Bias = masked ? tensor(bias).reshape(texts.Length, 1, n).to(type) : null;
        Tensor angles = outer(
            arange(n, ScalarType.Float64), pow(10_000, arange(half, ScalarType.Float64) * (-1.0 / half)));
        (cosines, sines) = (cos(angles).to(type), sin(angles).to(type));
        scope.Detach([Ids, Factor, cosines, sines, .. Bias is null ? Array.Empty<Tensor>() : [Bias]]);
    }

    public int[][] Texts { get; }

    public Tensor Ids { get; }   // [B, n]

    public Tensor Factor { get; }   // of softmax_plus: log l / log 512 / √s [B, 1, 1]

    public Tensor? Bias { get; }   // 0 at tokens, −10000 at padding [B, 1, n]

    /// <summary>RoPE by halves on […, n, s].</summary>
    public Tensor Rotate(Tensor x)
    {
        long half = cosines.shape[1];
        Tensor a = x.narrow(-1, 0, half), b = x.narrow(-1, half, half);
        return cat([a * cosines - b * sines, b * cosines + a * sines], -1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor? value in (Tensor?[])[Ids, Factor, Bias, cosines, sines])
            value?.Dispose();
    }
}
