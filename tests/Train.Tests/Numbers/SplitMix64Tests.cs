using System.Globalization;
using System.Text.Json;
using GauRuntime.Train.Numbers;
using GauRuntime.Weights;

namespace GauRuntime.Train.Tests.Numbers;

public sealed class SplitMix64Tests
{
    private static readonly JsonElement Golden = TrainingFixture.Read("masking.json").GetProperty("prng");

    [Fact]
    public void Next_OfSeed42_IsTheReference()
    {
        SplitMix64 stream = new(Golden.GetProperty("seed").GetUInt64());
        foreach (string expected in Golden.GetProperty("next").Strings())
            stream.Next().Should().Be(Hex(expected));
    }

    [Fact]
    public void Uniform_OfSeed42_IsTheReference() =>
        new SplitMix64(42).Uniform().Should().Be(Golden.GetProperty("uniform")[0].GetDouble());

    [Fact]
    public void Uniform_OfManyNumbers_StaysInRangeAndIsEven()
    {
        SplitMix64 stream = new(1);
        double[] numbers = [.. Enumerable.Range(0, 100_000).Select(_ => stream.Uniform())];
        numbers.Should().OnlyContain(u => u >= 0 && u < 1);
        numbers.Average().Should().BeApproximately(0.5, 0.005);
    }

    [Fact]
    public void Sample_OfSeedEpochAndIndex_IsTheReference()
    {
        foreach (JsonElement each in Golden.GetProperty("sample_seed").EnumerateArray())
            Seeds.Sample(
                each.GetProperty("seed").GetUInt64(), each.GetProperty("epoch").GetInt64(), each.GetProperty("index").GetInt64())
                .Should().Be(Hex(each.GetProperty("value").GetString()!));
    }

    [Fact]
    public void Mix64_OfPartsInAnotherOrder_IsAnotherSeed()
    {
        Seeds.Mix64(1, 2, 3).Should().NotBe(Seeds.Mix64(1, 3, 2));
        Seeds.Mix64(1, 2).Should().NotBe(Seeds.Mix64(1, 2, 0));
    }

    private static ulong Hex(string text) => ulong.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
