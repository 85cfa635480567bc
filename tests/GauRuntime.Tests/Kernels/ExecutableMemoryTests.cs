using System.Globalization;
using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Kernels.Assembled;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Kernels;

public sealed class ExecutableMemoryTests
{
    [Fact]
    public void Map_Code_IsNeverWritableAndExecutable()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the maps of a process are read in Linux's way");
        nint code = ExecutableMemory.Map([0xC3]);
        code.Should().NotBe(0);
        string[] pages = File.ReadAllLines("/proc/self/maps").Single(line => Holds(line, code)).Split(' ');
        pages[1].Should().Be("r-xp");
    }

    [Theory]
    [InlineData("avxvnni")]
    [InlineData("avx2")]
    [InlineData("portable")]
    public void Get_TierOfTheCompiler_AsksForNone(string tier)
    {
        Assert.SkipUnless(KernelTiers.Available.Contains(tier), $"this machine has no {tier}");
        TierChoice choice = new([.. KernelTiers.All.Where(entry => entry.Name == tier)], () => tier);
        ExecutableMemory.Refuse(1);
        try
        {
            choice.Choose(tier, [.. StorageScheme.Blocks]).Tier.Should().Be(tier, "all that it asks for is refused");
        }
        finally
        {
            ExecutableMemory.Refuse(null);
        }
    }

    private static bool Holds(string line, nint address)
    {
        long[] range = [.. line[..line.IndexOf(' ', StringComparison.Ordinal)].Split('-')
            .Select(end => long.Parse(end, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        return address >= range[0] && address < range[1];
    }
}
