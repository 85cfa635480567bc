using FluentAssertions;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using Xunit;

namespace GauRuntime.Scoring.Tests;

/// <summary>Reasons for rejects, grouped.</summary>
public sealed class RejectKindsTests
{
    private readonly RejectKinds kinds = new();

    [Theory]
    [InlineData("not JSON at byte 3 of the record", "not JSON at byte 17 of the record")]
    [InlineData("3 fields where the header has 4", "12 fields where the header has 4")]
    [InlineData("field 'a' stands there twice", "field 'b' stands there twice")]
    [InlineData("field 'a' stands there twice", "field 'it's 'so'' stands there twice")]
    [InlineData("label 'x': the model has no such label", "label '': the model has no such label")]
    public void Add_ReasonsThatDifferInWhatIsOfTheRecord_AreOneKind(string one, string other)
    {
        Add(one);
        Add(other);
        kinds.Lines(3).Should().Equal($"2 records: {one}, and the like (first: a.jsonl, line 1)");
    }

    [Theory]
    [InlineData("no field 'text'", "no field 'pair'")]
    [InlineData("no field 'text'", "field 'text': expected a string, found null")]
    [InlineData("field 'text': expected a string, found null", "field 'text': expected a string, found a number")]
    public void Add_OtherReasons_AreOtherKinds(string one, string other)
    {
        Add(one);
        Add(other);
        kinds.MostFrequent(9).Should().HaveCount(2);
    }

    [Fact]
    public void Add_HostileFields_AreOneKind()
    {
        for (int i = 0; i < 10_000; i++)
            Add($"field '{new string((char)('a' + i % 26), i % 97)}'{i}' stands there twice");
        kinds.MostFrequent(1000).Should().ContainSingle().Which.Records.Should().Be(10_000);
    }

    [Fact]
    public void Add_MoreKindsThanAreKept_CountsTheRest()
    {
        for (int i = 0; i < 1000; i++)
            Add($"reason {string.Concat(i.ToString().Select(digit => (char)('a' + digit - '0')))}");
        kinds.MostFrequent(5000).Should().HaveCount(256);
        kinds.Records.Should().Be(1000);
        kinds.Lines(3)[^1].Should().Be("997 more records were rejected for other reasons");
    }

    [Fact]
    public void Lines_SeveralKinds_AreThoseOfMostRecordsFirst()
    {
        foreach (string reason in (string[])["a", "b", "b", "c", "c", "c", "d"])
            Add(reason);
        kinds.Lines(2).Should().Equal(
            "3 records: c (first: a.jsonl, line 4)", "2 records: b (first: a.jsonl, line 2)",
            "2 more records were rejected for other reasons");
    }

    [Theory]
    [InlineData("{\"id\":1,\"text\":\"x\",\"deep\":{\"not\":[1]}}", "; the fields are 'id', 'text', 'deep'")]
    [InlineData("{\"a\\u0000b\":1}", "; the fields are 'a\\u0000b'")]
    [InlineData("{}", "")]
    [InlineData("[1]", "")]
    [InlineData("{\"a\":1,", "; the fields are 'a'")]
    public void Add_RecordWithoutAField_NamesThoseItHas(string json, string fields)
    {
        Add("no field 'body'", System.Text.Encoding.UTF8.GetBytes(json));
        kinds.Lines(1).Should().Equal($"1 record has no field 'body'{fields} (first: a.jsonl, line 1)");
    }

    [Fact]
    public void Add_RecordWithThousandsOfFields_NamesSome()
    {
        string json = "{" + string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"field{i}\":1")) + "}";
        Add("no field 'body'", System.Text.Encoding.UTF8.GetBytes(json));
        kinds.Lines(1)[0].Should().Contain("'field0', 'field1', ").And.Contain(", '…' (first").And.Match(l => l.Length < 400);
    }

    private void Add(string reason, byte[]? raw = null) => kinds.Add(
        new TextRecord
        {
            Number = kinds.Records,
            Id = RecordId.OfNumber(kinds.Records),
            Place = new RecordPlace("a.jsonl", kinds.Records + 1, 0),
            Error = reason,
            Raw = raw,
        },
        reason, new RecordFields { Pair = "pair" });
}
