using FluentAssertions;
using GauRuntime.Kernels;
using Xunit;

namespace GauRuntime.Tests.Kernels;

public sealed class PeakProbeTests
{
    [Theory]
    [MemberData(nameof(Tiers))]
    public void Measure_Tier_IsAPlausibleSpeed(string tier)
    {
        // Half a gigahertz and one unit, to 10 GHz and four units of 512 bits, or one of 2048 operations for AMX. The
        // emulated fused multiply-add of processors without one is slower.
        PeakProbe.MeasureF32(tier).Should().BeInRange(0.05, 2000);
        PeakProbe.MeasureInt8(tier).Should().BeInRange(0.5, tier == "amx" ? 20_000 : 8000);
    }

    [Fact]
    public void Measure_UnknownTier_IsRefused()
    {
        FluentActions.Invoking(() => PeakProbe.MeasureF32("sse")).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => PeakProbe.MeasureInt8("sse")).Should().Throw<ArgumentException>();
    }

    public static TheoryData<string> Tiers() => [.. KernelTiers.Available];
}
