using System.Text;
using CsCheck;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using Xunit;

namespace GauRuntime.Scoring.Tests.Shards;

/// <summary>The shares of any inputs are the whole: every record once, in order, as it is.</summary>
public sealed class ShardUnionTests
{
    private static readonly Gen<int> Count = Gen.Int[1, 50];

    [Fact]
    public void Shards_AnyInputs_AreTheWhole() =>
        Gen.Select(ShardInputs.Inputs, Count).Sample((inputs, count) =>
        {
            string[] whole = Records(inputs, null, out UInt128 digest);
            List<string> union = [];
            UInt128 last = 0;
            for (int i = 0; i < count; i++)
                union.AddRange(Records(inputs, new Shard(i, count), out last));
            union.Should().Equal(whole);
            last.Should().Be(digest, "the last share has passed over everything before it");
        }, iter: 1000);

    [Fact]
    public void Shards_EveryCutOfOneInput_GivesEachRecordToTheShareItBeginsIn()
    {
        const string Input = "{\"id\":0,\"text\":\"今\"}\r\n\n{\"text\":\"天\"}\n";
        int length = Encoding.UTF8.GetByteCount(Input);
        int second = Encoding.UTF8.GetByteCount("{\"id\":0,\"text\":\"今\"}\r\n");
        for (int count = 1; count <= 2 * length; count++)
        {
            for (int i = 0; i < count; i++)
            {
                Shard shard = new(i, count);
                (long from, long to) = shard.Range(length);
                int[] expected = [.. new[] { 0, second }.Where(start => start >= from && start < to)];
                Records([RecordReaderTests.Input(Input, RecordFormat.JsonLines)], shard, out _).Should().HaveCount(
                    expected.Length, $"share {shard} has bytes {from} to {to}");
            }
        }
    }

    [Fact]
    public void Skip_AnyShareAndPlace_GoesOnBehindWhatWasThere() =>
        Gen.Select(ShardInputs.Inputs, Count, Gen.Int[0, 40]).Sample((inputs, count, skipped) =>
        {
            Shard shard = new(count / 2, count);
            string[] all = Records(inputs, shard, out UInt128 digest);
            using RecordSource source = Source(inputs, shard);
            source.Skip(skipped).Should().Be(Math.Min(skipped, all.Length));
            Rest(source).Should().Equal(all.Skip(skipped));
            source.Digest.Should().Be(digest);
        }, iter: 1000);

    private static string[] Records(InputFile[] inputs, Shard? shard, out UInt128 digest)
    {
        using RecordSource source = Source(inputs, shard);
        string[] records = [.. Rest(source)];
        digest = source.Digest;
        return records;
    }

    private static RecordSource Source(InputFile[] inputs, Shard? shard) =>
        new(inputs, new RecordFields { KeepOthers = true }, ShardInputs.LongestLine, shard);

    private static IEnumerable<string> Rest(RecordSource source)
    {
        while (source.Next() is { } r)
            yield return $"{r.Number} {r.Id} {r.Place} {r.Text} {r.Others} {r.Error} {Convert.ToHexString(r.Raw ?? [])}";
    }
}
