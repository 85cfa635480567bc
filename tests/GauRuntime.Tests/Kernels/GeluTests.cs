using System.Runtime.InteropServices;
using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Kernels.Assembled;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Kernels;

/// <summary>Both forms of gelu on every tier against double arithmetic, over the whole range of floats.</summary>
public sealed unsafe class GeluTests
{
    private const double SmallestNormal = 1.1754943508222875e-38;   // 2⁻¹²⁶

    /// <summary>Where the errors are largest, where results end, and where numbers do.</summary>
    private static readonly float[] Dense =
    [
        float.Epsilon, (float)SmallestNormal, 1.1920929e-7f, 0.0004578f, 0.19f, 1.376f, 1.44f, 1.86f, 2.4985f, 3.016f,
        4.6975f, 10.05f, 10.15f, 13.1f, 13.24f, float.MaxValue,
    ];

    /// <summary>Of both signs; a multiple of 16 of them.</summary>
    internal static readonly Lazy<float[]> Points = new(() =>
    {
        List<float> points = [];
        for (long bits = 0; bits < 0x7F800000; bits += 4099)
            Add(bits);
        foreach (float near in Dense)
            for (int i = -1000; i <= 1000; i++)
                if (BitConverter.SingleToInt32Bits(near) + (long)i is >= 0 and < 0x7F800000 and long bits)
                    Add(bits);
        while (points.Count % 16 != 0)
            points.Add(0);
        return [.. points];

        void Add(long bits)
        {
            points.Add(BitConverter.Int32BitsToSingle((int)bits));
            points.Add(-points[^1]);
        }
    });

    private static readonly Dictionary<Activation, Lazy<double[]>> Exact = new()
    {
        [Activation.Gelu] = new(() => [.. Points.Value.Select(x => Gelu(x))]),
        [Activation.GeluTanh] = new(() => [.. Points.Value.Select(x => GeluTanh(x))]),
    };

    public static TheoryData<string, Activation> TiersAndForms()
    {
        TheoryData<string, Activation> data = [];
        foreach (string tier in KernelTiers.Available)
        {
            data.Add(tier, Activation.Gelu);
            data.Add(tier, Activation.GeluTanh);
        }
        return data;
    }

    public static TheoryData<string> Tiers() => [.. KernelTiers.Available];

    [Theory]
    [MemberData(nameof(TiersAndForms))]
    public void Gelu_WholeRangeOfFloats_IsWithinTwoUnitsInTheLastPlace(string tier, Activation form)
    {
        float[] x = Points.Value, found = Run(tier, form, x);
        double[] exact = Exact[form].Value;
        for (int i = 0; i < x.Length; i++)
        {
            double unit = Math.ScaleB(1, Math.Max(Math.ILogB(exact[i]), -126) - 23);
            bool vanishes = found[i] == 0 && Math.Abs(exact[i]) < SmallestNormal;
            if (!vanishes && !(Math.Abs(found[i] - exact[i]) <= 2 * unit))
                Assert.Fail($"{form} of {x[i]:R} is {found[i]:R}, not {exact[i]:R}");
            if (found[i] == 0 && float.IsNegative(found[i]))
                Assert.Fail($"{form} of {x[i]:R} is -0");
        }
    }

    [Theory]
    [MemberData(nameof(TiersAndForms))]
    public void Gelu_EveryTier_SameBits(string tier, Activation form) =>
        MemoryMarshal.AsBytes<float>(Run(tier, form, Points.Value)).SequenceEqual(
            MemoryMarshal.AsBytes<float>(Run("portable", form, Points.Value))).Should().BeTrue();

    [Theory]
    [MemberData(nameof(TiersAndForms))]
    public void Gelu_ZerosAndEnds_AreTheLimitsOrNaN(string tier, Activation form)
    {
        float[] x = new float[16], expected = new float[16];
        (float X, float Gelu)[] cases =
        [
            (0f, 0f), (-0f, 0f), (float.PositiveInfinity, float.PositiveInfinity),
            (float.NegativeInfinity, float.NaN), (float.NaN, float.NaN), (float.MaxValue, float.MaxValue),
            (float.MinValue, 0f), (-14f, 0f), (14f, 14f),
        ];
        for (int i = 0; i < cases.Length; i++)
            (x[i], expected[i]) = cases[i];
        Run(tier, form, x).Select(Bits).Should().Equal(expected.Select(Bits));

        static int Bits(float value) => BitConverter.SingleToInt32Bits(float.IsNaN(value) ? float.NaN : value);
    }

    // Golden values: the normal distribution's lower tail to 16 digits, as tables and statistics packages give it.
    [Theory]
    [InlineData(0.5, 0.3085375387259869)]
    [InlineData(1, 0.15865525393145705)]
    [InlineData(3, 0.0013498980316300946)]
    [InlineData(10, 7.619853024160525e-24)]
    public void Reference_KnownTails_IsThem(double t, double tail) =>
        Tail(t).Should().BeApproximately(tail, tail * 1e-12);

    [Theory]
    [MemberData(nameof(Tiers))]
    public void Activate_ActivationWithoutAKernel_Throws(string tier)
    {
        foreach (Activation none in (Activation[])[Activation.Tanh, Activation.Sigmoid, (Activation)99])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Run(tier, none, new float[16]));
            Assert.Throws<ArgumentOutOfRangeException>(() => Multiply(tier, none));
        }
    }

    [Fact]
    public void Apply_ActivationWithoutATile_Throws()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() || OperatingSystem.IsWindows(), "tiles are mapped on Linux and Windows alone");
        AssembledActivation activations = new();
        foreach (Activation none in (Activation[])[Activation.Tanh, Activation.Sigmoid, (Activation)99])
            Assert.Throws<ArgumentOutOfRangeException>(() => activations.Apply(none, null, 16, 1, 1, null));
    }

    private static void Multiply(string tier, Activation activation)
    {
        float[] a = [1], b = new float[16], c = new float[16];
        fixed (float* pa = a, pb = b, pc = c)
            KernelTiers.Get(tier).Multiply(pa, 1, 1, new FloatPanels(pb, 16, 1), 1, pc, 16, null, activation);
    }

    private static float[] Run(string tier, Activation activation, float[] x)
    {
        float[] result = [.. x];
        fixed (float* p = result)
            KernelTiers.Get(tier).Activate(activation, p, result.Length);
        return result;
    }

    internal static double Gelu(double x) => x < 0 ? x * Tail(-x) : x - x * Tail(x);

    internal static double GeluTanh(double x)
    {
        double power = Math.Exp(-2 * Math.Sqrt(2 / Math.PI) * Math.Abs(x * (1 + 0.044715 * x * x)));
        return x < 0 ? x * power / (1 + power) : x / (1 + power);
    }

    /// <summary>
    /// Φ(−t) for t ≥ 0: 1/2 − φ(t) (t + t³ / 3 + t⁵ / 15 + …), or φ(t) / (t + 1 / (t + 2 / (t + 3 / …))).
    /// </summary>
    private static double Tail(double t)
    {
        double density = Math.Exp(-t * t / 2) / Math.Sqrt(2 * Math.PI);
        if (density == 0)
            return 0;
        if (t >= 2.5)
        {
            double fraction = t;
            for (int k = 100; k > 0; k--)
                fraction = t + k / fraction;
            return density / fraction;
        }
        double sum = 0, term = t;
        for (int k = 3; term > sum * 1e-17; k += 2)
        {
            sum += term;
            term *= t * t / k;
        }
        return 0.5 - density * sum;
    }
}
