using CsCheck;
using FluentAssertions;
using GauRuntime.Text;
using Xunit;

namespace GauRuntime.Tests.Text;

public sealed class NumberMapTests
{
    private static readonly Gen<ulong> Keys =
        Gen.OneOf(Gen.ULong, Gen.ULong[1, 300], Gen.ULong[1, 300].Select(key => key << 40), Gen.ULong[1, 9].Select(key => key << 61));

    [Fact]
    public void Find_AnyKeys_FindsThoseThatWereAdded() =>
        Gen.Select(Keys.Array[0, 400], Keys.Array[20]).Sample((added, others) =>
        {
            Dictionary<ulong, int> expected = [];
            NumberMap map = new();
            foreach (ulong key in added)
                if (key != 0 && expected.TryAdd(key, expected.Count))
                    map.Add(key, expected[key]);
            return added.Concat(others).Where(key => key != 0)
                .All(key => map.Find(key) == expected.GetValueOrDefault(key, NumberMap.Missing));
        }, iter: 500);

    // Keys that all products with one odd number would put side by side take no longer than others.
    [Fact]
    public void Add_HundredThousandKeysInARow_TakesLinearTime()
    {
        NumberMap map = new();
        ProcessorTime.Of(() =>
        {
            for (int key = 1; key <= 100_000; key++)
                map.Add((ulong)key << 30, key);
        }).Should().BeLessThan(TimeSpan.FromSeconds(2));
        map.Find(77ul << 30).Should().Be(77);
        map.Find(77).Should().Be(NumberMap.Missing);
    }
}
