using System.Runtime.InteropServices;
using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Kernels;

/// <summary>
/// The activations whose results become int8, on every tier, against double arithmetic over the whole range of floats.
/// </summary>
public sealed unsafe class ShortActivationTests
{
    /// <summary>Below which results are numbers that no scale has.</summary>
    private static readonly double Vanishing = Math.ScaleB(1, -110);

    private static readonly Dictionary<Activation, Lazy<double[]>> Exact = new()
    {
        [Activation.Swish] = Of(Swish),
        [Activation.Gelu] = Of(GeluTests.Gelu),
        [Activation.GeluTanh] = Of(GeluTests.GeluTanh),
    };

    public static TheoryData<string, Activation> TiersAndFunctions()
    {
        TheoryData<string, Activation> data = [];
        foreach (string tier in KernelTiers.Available)
            foreach (Activation function in Exact.Keys)
                data.Add(tier, function);
        return data;
    }

    [Theory]
    [MemberData(nameof(TiersAndFunctions))]
    public void Short_WholeRangeOfFloats_IsWithinAThirtiethOfAStep(string tier, Activation function)
    {
        float[] x = GeluTests.Points.Value, found = Run(tier, function, x);
        double[] exact = Exact[function].Value;
        double largest = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double error = Math.Abs(found[i] - exact[i]);
            if (Math.Abs(exact[i]) < Vanishing && error <= Math.ScaleB(Math.Max(Math.Abs((double)x[i]), 16), -125))
                continue;
            if (!(error <= Math.ScaleB(Math.Abs(exact[i]), -12)))
                Assert.Fail($"{function} of {x[i]:R} is {found[i]:R}, not {exact[i]:R}");
            largest = Math.Max(largest, error / Math.Abs(exact[i]));
        }
        largest.Should().BeGreaterThan(Math.ScaleB(1, -16), "the long forms do not pass for the short ones");
    }

    [Theory]
    [MemberData(nameof(TiersAndFunctions))]
    public void Short_EveryTier_SameBits(string tier, Activation function) =>
        MemoryMarshal.AsBytes<float>(Run(tier, function, GeluTests.Points.Value)).SequenceEqual(
            MemoryMarshal.AsBytes<float>(Run("portable", function, GeluTests.Points.Value))).Should().BeTrue();

    [Theory]
    [MemberData(nameof(TiersAndFunctions))]
    public void Short_WhatIsNotFinite_IsNotFinite(string tier, Activation function)
    {
        float[] x = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, .. new float[11]];
        float[] found = Run(tier, function, x);
        found[0].Should().Be(float.NaN);
        found[1].Should().Be(float.PositiveInfinity);
        float.IsFinite(found[2]).Should().BeFalse("what has overflowed must not pass for 0");
        found.Skip(3).Should().OnlyContain(value => value == 0);
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(1.0, 0.7310585786300049)]   // the logistic function at 1, to 16 digits as tables give it
    [InlineData(-1.0, -0.2689414213699951)]
    public void Reference_KnownValues_IsThem(double x, double swish) => Swish(x).Should().BeApproximately(swish, 1e-15);

    private static Lazy<double[]> Of(Func<double, double> exact) =>
        new(() => [.. GeluTests.Points.Value.Select(x => exact(x))]);

    private static double Swish(double x) => x / (1 + Math.Exp(-x));

    private static float[] Run(string tier, Activation function, float[] x)
    {
        float[] result = [.. x];
        fixed (float* p = result)
            KernelTiers.Get(tier).Activate(new(function, Short: true), p, result.Length);
        return result;
    }
}
