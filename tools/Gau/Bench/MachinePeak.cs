using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Bench;

/// <summary>What one core can do at most, in Gop/s; see <see cref="PeakProbe"/>.</summary>
internal readonly record struct MachinePeak(double F32, double Int8)
{
    public static MachinePeak Measure(string tier) => new(PeakProbe.MeasureF32(tier), PeakProbe.MeasureInt8(tier));

    /// <summary>The larger of both, each: what disturbs a measurement only ever lowers it.</summary>
    public MachinePeak Or(MachinePeak other) => new(Math.Max(F32, other.F32), Math.Max(Int8, other.Int8));

    /// <summary>Seconds that a pass takes at the peak of so many cores.</summary>
    public double SecondsOf(PassOperations pass, WeightType type, AttentionType attention, int threads) =>
        (pass.Dense / (type == WeightType.Int8 ? Int8 : F32)
            + pass.Attention / (attention == AttentionType.Int8 ? Int8 : F32)) / (threads * 1e9);
}
