using System.Text.Json.Serialization;
using GauRuntime.Kernels;

namespace GauRuntime.Benchmarks.Peers.Measuring;

/// <summary>The most that one core of this machine does on registers alone, probed all along a run.</summary>
/// <remarks>The largest probe counts: what disturbs one only ever lowers it.</remarks>
internal sealed record Peak
{
    /// <summary>Gop/s of fused multiply-adds.</summary>
    [JsonInclude]
    public double F32 { get; private set; }

    /// <summary>Gop/s of int8 dot products.</summary>
    [JsonInclude]
    public double Int8 { get; private set; }

    /// <summary>Probes once more, with the instructions of a tier.</summary>
    public void Probe(string tier)
    {
        if (tier.Length == 0)
            return;
        F32 = Math.Max(F32, PeakProbe.MeasureF32(tier));
        Int8 = Math.Max(Int8, PeakProbe.MeasureInt8(tier));
    }

    /// <summary>Operations (a multiplication and an addition are two) per second of so many threads.</summary>
    /// <param name="integers">int8 products instead of float.</param>
    /// <param name="threads">Threads at once.</param>
    /// <returns>null: not measured.</returns>
    public double? OperationsPerSecond(bool integers, int threads) =>
        F32 > 0 ? threads * 1e9 * (integers ? Int8 : F32) : null;
}
