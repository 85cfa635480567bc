using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Kernels.Assembled;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Kernels;

/// <summary>Executable memory that the system refuses, at any request: the next tier runs, and says why.</summary>
public sealed class TierChoiceTests
{
    // Assembled anywhere, run only where there is AVX-512; the test runs nothing.
    private static readonly (string, Func<string?>, Func<KernelSet>)[] Tiers =
    [
        ("avx512vnni", () => null, KernelTiers.CreateAssembled),
        ("portable", () => null, () => KernelTiers.Get("portable")),
    ];

    private static readonly int[] Blocks = [.. StorageScheme.Blocks];

    [Fact]
    public void Choose_AnyRequestRefused_TakesTheNextTierAndSaysWhy()
    {
        int refusals = 0;
        for (int n = 1; ; n += n < 4 ? 1 : 23)
        {
            TierChoice choice = new(Tiers, () => null);
            TierKernels chosen = Refusing(n, () => choice.Choose("avx512vnni", Blocks));
            if (chosen.Tier == "avx512vnni")
                break;
            refusals++;
            chosen.Tier.Should().Be("portable", "request {0} was refused", n);
            choice.Available.Should().Equal("portable");
            choice.Current.Should().Be("portable");
            choice.Unavailable["avx512vnni"].Should().Be("the system has no more executable memory");
            choice.InsteadOf("avx512vnni").Should().Be("portable");
            choice.Choose("avx512vnni", Blocks).Kernels.Should().BeSameAs(
                chosen.Kernels, "what is half made is not used");
        }
        refusals.Should().BeGreaterThan(8, "the tiles of all blocks are some two hundred");
    }

    [Fact]
    public void Choose_BlocksOfALaterModelRefused_LeavesTheEarlierItsTier()
    {
        TierChoice choice = new(Tiers, () => null);
        choice.Choose("avx512vnni", 64).Tier.Should().Be("avx512vnni");
        Refusing(1, () => choice.Choose("avx512vnni", 64)).Tier.Should().Be("avx512vnni", "nothing more is needed");
        Refusing(1, () => choice.Choose("avx512vnni", 256)).Tier.Should().Be("portable");
    }

    [Fact]
    public void Choose_ForcedTierRefused_IsAnErrorWithTheReason()
    {
        TierChoice choice = new(Tiers, () => "avx512vnni");
        FluentActions.Invoking(() => Refusing(2, () => choice.Choose(choice.Current)))
            .Should().Throw<PlatformNotSupportedException>()
            .WithMessage("GAU_ISA=avx512vnni: the system has no more executable memory; this machine has portable");
        FluentActions.Invoking(() => choice.Choose("avx512vnni"))
            .Should().Throw<PlatformNotSupportedException>("no other tier takes its place for who asks later")
            .WithMessage("*has no more executable memory*");
    }

    [Fact]
    public void Current_ForcedTier_AsksForNoOther()
    {
        int asked = 0;
        TierChoice choice = new(
            [
                ("better", () => $"asked {++asked} times", () => throw new InvalidOperationException()),
                ("portable", () => null, () => KernelTiers.Get("portable")),
            ],
            () => "portable");
        choice.Current.Should().Be("portable");
        choice.Choose(choice.Current, Blocks).Tier.Should().Be("portable");
        asked.Should().Be(0, "to ask takes executable memory");
        choice.Unavailable["better"].Should().StartWith("asked ");
    }

    private static TierKernels Refusing(int n, Func<TierKernels> choose)
    {
        ExecutableMemory.Refuse(n);
        try
        {
            return choose();
        }
        finally
        {
            ExecutableMemory.Refuse(null);
        }
    }
}
