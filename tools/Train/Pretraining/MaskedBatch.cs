using GauRuntime.Train.Data;
using GauRuntime.Train.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Pretraining;

/// <summary>Masked samples in libtorch, padded to the longest.</summary>
internal sealed class MaskedBatch : IDisposable
{
    /// <param name="samples">One or more.</param>
    /// <param name="device">Where the tensors lie.</param>
    public MaskedBatch(IReadOnlyList<MaskedSample> samples, Device device)
    {
        Tokens = new TokenBatch([.. samples.Select(sample => sample.Source)], null, device);
        TokenCount = samples.Sum(sample => (long)sample.Source.Length);
        long[] targets = new long[Tokens.Count * Tokens.Length];
        for (int i = 0; i < samples.Count; i++)
            for (int j = 0; j < samples[i].Target.Length; j++)
                targets[i * Tokens.Length + j] = samples[i].Target[j];
        using DisposeScope scope = NewDisposeScope();
        Targets = tensor(targets).reshape(Tokens.Count, Tokens.Length).to(device).DetachFromDisposeScope();
    }

    /// <summary>What the model reads [B, n].</summary>
    public TokenBatch Tokens { get; }

    /// <summary>What it is to say [B, n], int64; 0 where nothing is asked.</summary>
    public Tensor Targets { get; }

    /// <summary>Tokens, padding not counted.</summary>
    public long TokenCount { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tokens.Dispose();
        Targets.Dispose();
    }
}
