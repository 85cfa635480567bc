using CsCheck;
using FluentAssertions;
using GauRuntime.Weights.Quantization;
using Xunit;

namespace GauRuntime.Weights.Tests.ModelFile;

public sealed class BlockQuantizerTests
{
    [Fact]
    public void Quantize_AnyBlock_ErrorIsAtMostThatOfTheLargestValueScale()
    {
        Gen.Float[-4, 4].Array[64].Sample(w =>
        {
            sbyte[] q = new sbyte[64];
            float scale = BlockQuantizer.Quantize(w, q, new sbyte[64]);
            float plain = w.Max(Math.Abs) / 127;
            double Error(float s, Func<int, double> value) =>
                Enumerable.Range(0, 64).Sum(i => Math.Pow(w[i] - s * value(i), 2));
            double best = Error(scale, i => q[i]), usual = plain > 0 ? Error(plain, i => MathF.Round(w[i] / plain)) : 0;
            best.Should().BeLessThanOrEqualTo(usual * (1 + 1e-6) + 1e-30);
            q.Should().OnlyContain(value => value >= -127);
        });
    }

    [Fact]
    public void Quantize_AllZeroOrDenormal_ScaleOneAndZeros()
    {
        foreach (float value in (float[])[0, 1e-42f, -1e-42f])
        {
            sbyte[] q = [9, 9];
            BlockQuantizer.Quantize([value, 0], q, new sbyte[2]).Should().Be(1);
            q.Should().Equal(0, 0);
        }
    }

    [Fact]
    public void Quantize_ValuesOnAGrid_AreExact()
    {
        float[] w =
            [.. Enumerable.Range(-127, 255).Where(i => i % 4 == 1 || Math.Abs(i) == 127).Select(i => i * 0.25f)];
        sbyte[] q = new sbyte[w.Length];
        float scale = BlockQuantizer.Quantize(w, q, new sbyte[w.Length]);
        q.Select(value => value * scale).Should().Equal(w);
    }
}
