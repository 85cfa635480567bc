using System.Runtime.InteropServices;
using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Kernels;

/// <summary>LayerNorm of every tier against double arithmetic, on buffers between guard pages.</summary>
public sealed unsafe class LayerNormTests
{
    private const int Rows = 3;

    private static readonly int[] Sizes = [1, 2, 15, 16, 17, 32, 40, 48, 64, 312, 768, 1024];

    public static TheoryData<string> Tiers() => [.. KernelTiers.Available];

    [Theory]
    [MemberData(nameof(Tiers))]
    public void AddLayerNorm_AnySize_MatchesDoubleAndKeepsThePadding(string tier)
    {
        foreach (int size in Sizes)
            foreach (bool added in (ReadOnlySpan<bool>)[false, true])
                Check(tier, new Case(size, 0, 2, added), tolerance: 4e-6);
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void AddLayerNorm_LargeMeanAndSmallDeviations_MatchesDouble(string tier)
    {
        foreach (int size in Sizes.Where(size => size > 2))
            foreach (float mean in (ReadOnlySpan<float>)[1000, -1e6f])
                Check(tier, new Case(size, mean, 1, added: false), tolerance: 4e-6);
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void AddLayerNorm_EqualNumbers_IsBeta(string tier)
    {
        foreach (int size in Sizes)
            foreach (float value in (ReadOnlySpan<float>)[0, 0.1f, -1 / 3f, 1000.1f, 1e6f])
                foreach (float eps in (ReadOnlySpan<float>)[0, 1e-12f])
                {
                    Case equal = new(size, value, 0, added: false) { Eps = eps };
                    float[] found = equal.Run(tier);
                    for (int row = 0; row < Rows; row++)
                        found.AsSpan(row * equal.Stride, size).SequenceEqual(equal.Beta.AsSpan(0, size))
                            .Should().BeTrue("all numbers of {0} are {1}", size, value);
                }
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void AddLayerNorm_SumThatIsNotFinite_MakesThatRowNaN(string tier)
    {
        foreach (int size in (ReadOnlySpan<int>)[17, 48])
            foreach (float fault in (ReadOnlySpan<float>)[
                float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, 1e30f])
            {
                Case broken = new(size, 0, 2, added: true);
                float[] intact = broken.Run(tier);
                broken.X[broken.Stride + size - 1] = fault;
                float[] found = broken.Run(tier);
                found.AsSpan(broken.Stride, size).ToArray().Should().OnlyContain(value => float.IsNaN(value));
                foreach (int row in (ReadOnlySpan<int>)[0, 2])
                    found.AsSpan(row * broken.Stride, size).SequenceEqual(
                        intact.AsSpan(row * broken.Stride, size)).Should().BeTrue("it is another row");
            }
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void AddLayerNorm_EveryTier_SameBits(string tier)
    {
        foreach (int size in Sizes)
            foreach (bool added in (ReadOnlySpan<bool>)[false, true])
            {
                Case any = new(size, size % 5, 3, added);
                MemoryMarshal.AsBytes<float>(any.Run(tier)).SequenceEqual(
                    MemoryMarshal.AsBytes<float>(any.Run("portable"))).Should().BeTrue("size {0}", size);
            }
    }

    private static void Check(string tier, Case norm, double tolerance)
    {
        float[] found = norm.Run(tier);
        for (int row = 0; row < Rows; row++)
        {
            double[] z = [.. Enumerable.Range(0, norm.Size).Select(i => (double)norm.Sum(row, i))];
            double mean = z.Average(), variance = z.Average(value => (value - mean) * (value - mean));
            for (int i = 0; i < norm.Stride; i++)
            {
                double expected = i >= norm.Size
                    ? 0
                    : (z[i] - mean) / Math.Sqrt(variance + norm.Eps) * norm.Gamma[i] + norm.Beta[i];
                Assert.True(
                    Math.Abs(found[row * norm.Stride + i] - expected) <= (i < norm.Size ? tolerance : 0),
                    $"{found[row * norm.Stride + i]:R} at {i} of {norm.Size}, mean {norm.Mean}, not {expected:R}");
            }
        }
    }

    /// <summary>Rows of random numbers around a mean, padded with zeros.</summary>
    private sealed class Case
    {
        public Case(int size, float mean, float spread, bool added)
        {
            (Size, Mean) = (size, mean);
            Stride = AxisLayout.Pad(size);
            Random random = new(size);
            X = new float[Rows * Stride];
            Y = added ? new float[Rows * Stride] : null;
            Gamma = new float[Stride];
            Beta = new float[Stride];
            for (int i = 0; i < size; i++)
            {
                for (int row = 0; row < Rows; row++)
                {
                    X[row * Stride + i] = mean + spread * (random.NextSingle() * 2 - 1);
                    if (added)
                        Y![row * Stride + i] = random.NextSingle() - 0.5f;
                }
                Gamma[i] = random.NextSingle() + 0.5f;
                Beta[i] = random.NextSingle() - 0.5f;
            }
        }

        public int Size { get; }

        public float Mean { get; }

        public int Stride { get; }

        public float Eps { get; init; } = 1e-12f;

        public float[] X { get; }

        public float[]? Y { get; }

        public float[] Gamma { get; }

        public float[] Beta { get; }

        /// <summary>z of a row and column, rounded as the kernel rounds it.</summary>
        public float Sum(int row, int i) => X[row * Stride + i] + (Y is null ? 0 : Y[row * Stride + i]);

        public float[] Run(string tier)
        {
            bool low = Size % 2 == 0;
            using GuardedBuffer<float> x = new(X, low), gamma = new(Gamma, low), beta = new(Beta, low);
            using GuardedBuffer<float> y = new(Y ?? [], low);
            KernelTiers.Get(tier).AddLayerNorm(
                x.Address, Stride, Y is null ? null : y.Address, Stride, Rows, Size, Eps, gamma.Address,
                beta.Address);
            return x.Span.ToArray();
        }
    }
}
