using System.Globalization;
using System.Runtime.Intrinsics.X86;
using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Kernels.Assembled;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Kernels;

/// <summary>Code assembled at run time: where it lies, and when it may run.</summary>
public sealed unsafe class AssembledTests
{
    [Fact]
    public void Map_AnyCode_RunsAndIsNotWritable()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && X86Base.IsSupported, "maps x86 code and reads /proc/self/maps");
        nint address = ExecutableMemory.Map([0xB8, 42, 0, 0, 0, 0xC3]);   // mov eax, 42; ret
        address.Should().NotBe(0);
        ((delegate* unmanaged<int>)address)().Should().Be(42);
        Permissions(address).Should().Be("r-xp");
    }

    [Fact]
    public void Map_EveryTile_IsExecutableAndNotWritable()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Avx512Support.VnniFault is null,
            $"no assembled tiles here: {Avx512Support.VnniFault}");
        foreach (TileAssembler tile in (TileAssembler[])
            [
                new FloatTile(14, 2), new Int8Tile(7, 2, 64, true), new ActivationTile(Activation.Swish, 2, 2),
                new ActivationTile(new(Activation.Swish, Short: true), 2, 2), new ActivationTile(Activation.Gelu, 2, 2),
                new ActivationTile(Activation.GeluTanh, 2, 2),
                new SoftmaxTile(), new QuantizeTile(4), new QuantizeColumnsTile(), new PeakTile(true),
                new AmxTile(2, 2), new AmxConfigurationTile(true), new AmxPeakTile(),
            ])
            Permissions(tile.Map()).Should().Be("r-xp");
    }

    [Fact]
    public void Fault_OnThisMachine_IsWhatTheKernelOfTheSystemSays()
    {
        Assert.SkipUnless(File.Exists("/proc/cpuinfo"), "reads /proc/cpuinfo");
        string? flags = File.ReadLines("/proc/cpuinfo").FirstOrDefault(
            line => line.StartsWith("flags", StringComparison.Ordinal));
        string[] found = flags?.Split(' ') ?? [];
        bool expected = new[] { "avx512f", "avx512dq", "avx512bw", "avx512vl" }.All(found.Contains);
        (Avx512Support.Fault is null).Should().Be(expected, "{0}", Avx512Support.Fault);
        (Avx512Support.VnniFault is null).Should().Be(
            expected && found.Contains("avx512_vnni"), "{0}", Avx512Support.VnniFault);
    }

    [Fact]
    public void Unavailable_EveryOtherTier_HasAReason()
    {
        KernelTiers.Available.Concat(KernelTiers.Unavailable.Keys).Should().BeEquivalentTo(KernelTiers.Known);
        KernelTiers.Unavailable.Values.Any(string.IsNullOrEmpty).Should().BeFalse();
    }

    private static string Permissions(nint address)
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            string[] parts = line.Split(' ', 3), range = parts[0].Split('-');
            if (nint.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture) <= address
                && address < nint.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture))
                return parts[1];
        }
        return "";
    }
}
