using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Search;
using Xunit;

namespace GauRuntime.Tests.Search;

/// <summary>No score lies outside of the bounds that the first pass relies on.</summary>
public sealed unsafe class BoundTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 0)]
    [InlineData(50, 3)]
    [InlineData(768, 0)]
    [InlineData(768, 30)]
    [InlineData(5000, 5)]
    public void Bounds_AnyVectors_HoldTheScore(int n, int magnitudes)
    {
        const int Count = 40;
        float[] values = Vectors.Normal(2 * Count, n);
        for (int i = 0; i < values.Length; i++)
            values[i] *= MathF.Pow(10, magnitudes == 0 ? 0 : i % magnitudes - magnitudes / 2);
        using QuantizedRows rows = new(n, Count);
        using QueryRows queries = new(n, Count);
        for (int i = 0; i < Count; i++)
        {
            float[] x = values[(i * n)..((i + 1) * n)];
            fixed (float* first = x)
                rows.Set(i, x, Direction.Length(first, n));
            queries.Add(Vectors.Row(values, n, Count + i));
        }
        int[] sums = new int[Count * Count];
        fixed (int* c = sums)
            Int8Dots.Multiply(queries.Quantized, queries.Stride, Count, rows.Values(0), n, Count, queries.Stride, c, Count);
        double widest = 0;
        for (int row = 0; row < Count; row++)
            for (int query = 0; query < Count; query++)
            {
                double score = Vectors.Cosine(Vectors.Row(values, n, row), Vectors.Row(values, n, Count + query));
                double middle = (double)sums[row * Count + query] * rows.Scales[row] * queries.Scales[query];
                double radius = rows.Errors[row] + (1 + (double)rows.Errors[row]) * queries.Errors[query] + QueryRows.Margin;
                Math.Abs(score - middle).Should().BeLessThanOrEqualTo(radius);
                widest = Math.Max(widest, radius);
            }
        if (n == 768 && magnitudes == 0)
            widest.Should().BeLessThan(0.02, "else the first pass would leave nearly all to the second");
    }

    [Theory]
    [InlineData(1, 1, 16)]
    [InlineData(3, 5, 48)]
    [InlineData(8, 2, 768)]
    [InlineData(13, 7, 4096)]
    [InlineData(5, 3, 65536)]
    public void Int8Dots_GreatestNumbers_AreExact(int aRows, int bRows, int depth)
    {
        int most = Math.Min(short.MaxValue, (1 << 24) / depth - 1);
        short[] a = new short[aRows * depth];
        sbyte[] b = new sbyte[bRows * depth + Int8Dots.Slack];
        Random random = new(3);
        for (int i = 0; i < a.Length; i++)
            a[i] = (short)(i / depth == 0 ? -most : random.Next(-most, most + 1));
        for (int i = 0; i < b.Length; i++)
            b[i] = (sbyte)(i / depth == 0 ? -128 : random.Next(-128, 128));
        int[] c = new int[bRows * aRows];
        fixed (short* pa = a)
        fixed (sbyte* pb = b)
        fixed (int* pc = c)
            Int8Dots.Multiply(pa, depth, aRows, pb, depth, bRows, depth, pc, aRows);
        for (int i = 0; i < aRows; i++)
            for (int j = 0; j < bRows; j++)
            {
                long sum = 0;
                for (int k = 0; k < depth; k++)
                    sum += a[i * depth + k] * b[j * depth + k];
                ((long)c[j * aRows + i]).Should().Be(sum);
            }
    }

    [Fact]
    public void Tails_AnyVector_AreTheNormsBehindEachStage()
    {
        const int N = 500;
        float[] x = Vectors.Normal(1, N);
        using TailNorms tails = new(N, 3);
        fixed (float* first = x)
        {
            double length = Direction.Length(first, N);
            tails.Set(2, x, length);
            tails.Stages.Should().Be(3);
            for (int stage = 0; stage < 2; stage++)
            {
                double norm = Math.Sqrt(x.Skip((stage + 1) * TailNorms.Width).Sum(v => (double)v * v)) / length;
                tails.Behind(stage)[2].Should().BeApproximately((float)norm, 1e-6f);
                ((double)tails.Behind(stage)[2]).Should().BeGreaterThanOrEqualTo(norm);
            }
        }
    }
}
