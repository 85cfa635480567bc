using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using FluentAssertions;
using GauRuntime.Scoring.Results;
using Xunit;

namespace GauRuntime.Scoring.Tests.Vectors;

public sealed class VectorReductionTests
{
    private static readonly Gen<float[]> Vectors = Gen.Single.Where(float.IsFinite).Array[1, 40];

    [Fact]
    public void Read_Int8_RoundsToTheNearestAndToEven()
    {
        VectorReduction vector = Of(VectorPrecision.Int8, "[127,-127,0.5,1.5,-2.5,0.49]");
        vector.Scale.Should().Be(1);
        Wholes(vector).Should().Equal(127, -127, 0, 2, -2, 0);
    }

    [Theory]
    [InlineData("[0,-0,0]", 0f)]
    [InlineData("[1E-45,0,0]", 0f)]                 // a 127th of it is less than the least float
    [InlineData("[254,1,0]", 2f)]
    [InlineData("[]", 0f)]
    public void Read_Int8_HasTheScaleOfTheGreatest(string vector, float scale) =>
        Of(VectorPrecision.Int8, vector).Scale.Should().Be(scale);

    [Fact]
    public void Read_Int8OfTheLeastFloats_StaysInRange() =>
        // 64 and 150 times the least float, which is the nearest there is to a 127th of the second.
        Wholes(Of(VectorPrecision.Int8, "[9E-44,-2.1E-43]")).Should().Equal(64, -127);

    [Fact]
    public void Read_F16_TakesTheNearestHalf()
    {
        VectorReduction vector = Of(VectorPrecision.F16, "[1,0.1,65504,1E-9,-2]");
        // The halves of 0.1 and of less than 2⁻²⁵, by IEEE 754.
        Enumerable.Range(0, 5).Select(i => (float)vector.HalfFloat(i)).Should().Equal(1, 0.099975586f, 65504, 0, -2);
    }

    [Fact]
    public void Read_AnyVector_HasTheCosineOfWhatIsStored() => Vectors.Sample(values =>
    {
        VectorReduction vector = Of(VectorPrecision.Int8, Json(values));
        float[] stored = [.. Wholes(vector).Select(whole => vector.Scale * whole)];
        vector.Loss.Mean.Should().Be(Cosine.Of(values, stored));
        vector.Loss.Min.Should().Be(Math.Min(1, vector.Loss.Mean));
        vector.Loss.Count.Should().Be(1);
    });

    [Fact]
    public void Read_WhatWasReducedBefore_StaysAsItWas() => Vectors.Sample(values =>
    {
        VectorReduction first = Of(VectorPrecision.Int8, Json(values));
        float[] stored = [.. Wholes(first).Select(whole => first.Scale * whole)];
        VectorReduction second = Of(VectorPrecision.Int8, Json(stored), first.Scale);
        Wholes(second).Should().Equal(Wholes(first));
        second.Scale.Should().Be(first.Scale);
        second.Loss.Count.Should().Be(0, "nothing is known of what it was");
    });

    [Theory]
    [InlineData("3")]
    [InlineData("{}")]
    [InlineData("[[1]]")]
    [InlineData("[null]")]
    public void Read_NoVector_IsRefused(string json)
    {
        Action read = () => Of(VectorPrecision.F16, json);
        read.Should().Throw<Exception>().Which.Should().Match(e => e is JsonException || e is InvalidOperationException);
    }

    private static VectorReduction Of(VectorPrecision precision, string vector, float? scale = null)
    {
        VectorReduction reduction = new(precision);
        Utf8JsonReader json = new(Encoding.UTF8.GetBytes(vector));
        json.Read();
        reduction.Read(ref json, scale);
        return reduction;
    }

    private static int[] Wholes(VectorReduction vector) =>
        [.. Enumerable.Range(0, vector.Count).Select(vector.Whole)];

    private static string Json(float[] values) =>
        "[" + string.Join(',', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture))) + "]";
}
