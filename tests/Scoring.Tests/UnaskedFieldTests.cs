using System.Text.Json;
using FluentAssertions;
using GauRuntime.Scoring.Records;
using Xunit;

namespace GauRuntime.Scoring.Tests;

/// <summary>What stands in fields that nobody asked for rejects no record, and is carried as JSON.</summary>
public sealed class UnaskedFieldTests
{
    [Theory]
    [InlineData("{\"id\":1,\"text\":\"a\",\"x\":NaN}", "\"x\":null")]
    [InlineData("{\"x\":Infinity,\"y\":-Infinity,\"id\":1,\"text\":\"a\"}", "\"x\":null,\"y\":null")]
    [InlineData("{\"x\":[1,NaN,{\"NaN\":-Infinity}],\"text\":\"a\",\"id\":1}", "\"x\":[1,null,{\"NaN\":null}]")]
    [InlineData("{\"x\":\"NaN \\\"Infinity\",\"id\":1,\"text\":\"a\",\"y\": NaN }", "\"x\":\"NaN \\\"Infinity\",\"y\":null")]
    [InlineData("{\"id\":1,\"text\":\"a\",\"a\":1,\"a\":2}", "\"a\":2")]
    [InlineData("{\"a\":1,\"id\":1,\"b\":[],\"text\":\"a\",\"a\":{\"c\":1},\"b\":NaN}", "\"a\":{\"c\":1},\"b\":null")]
    [InlineData("{\"a\":1,\"\\u0061\":\"中\",\"id\":1,\"text\":\"a\"}", "\"a\":\"中\"")]
    public void Json_OddValues_AreCarriedAsJson(string line, string others)
    {
        string input = $"{{\"id\":0,\"text\":\"b\"}}\n{line}\n{line}\n";
        foreach (bool keeps in (bool[])[false, true])
        {
            List<TextRecord> records = Read(input, new RecordFields { KeepOthers = keeps });
            records.Select(r => (r.Id.ToString(), r.Text, r.Error)).Should().Equal(
                ("0", "b", null), ("1", "a", null), ("1", "a", null));
            records.Skip(1).Select(r => r.Others).Should().OnlyContain(o => o == (keeps ? others : null));
        }
        JsonDocument.Parse($"{{{others}}}").Dispose();
    }

    [Theory]
    [InlineData("{\"id\":1,\"text\":NaN}", "field 'text': expected a string, found a number")]
    [InlineData("{\"id\":NaN,\"text\":\"a\"}", "not JSON at byte 6 of the record")]
    [InlineData("{\"id\":[NaN],\"text\":\"a\"}", "field 'id': expected a string, number, true, false or null, found an array")]
    [InlineData("{\"id\":1,\"text\":\"a\",\"x\":1NaN}", "not JSON at byte 24 of the record")]
    [InlineData("{\"id\":1,\"text\":\"a\",\"x\":NaN5}", "not JSON at byte 23 of the record")]
    [InlineData("{\"id\":1,\"text\":\"a\",\"x\":nan}", "not JSON at byte 24 of the record")]
    [InlineData("{\"id\":1,\"text\":\"a\",NaN:1}", "not JSON at byte 19 of the record")]
    [InlineData("{\"id\":1,\"text\":\"a\",\"text\":\"b\"}", "field 'text' stands there twice")]
    [InlineData("{\"id\":1,\"\\u0074ext\":\"a\",\"text\":\"b\"}", "field 'text' stands there twice")]
    [InlineData("{\"id\":1,\"text\":\"a\",\"\\u0074ext\":\"b\"}", "field 'text' stands there twice")]
    [InlineData("{\"id\":1,\"id\":2,\"text\":\"a\"}", "field 'id' stands there twice")]
    [InlineData("{\"id\":1,\"text\":\"a\",\"label\":1,\"label\":1}", "field 'label' stands there twice")]
    public void Json_OddValuesOfWhatIsAskedFor_AreRejected(string line, string error)
    {
        List<TextRecord> records = Read($"{{\"id\":0,\"text\":\"b\"}}\n{line}\n", new RecordFields { KeepOthers = true, Label = "label" });
        records.Select(r => r.Error).Should().Equal(null, error);
    }

    // Where the ids are told by the beginning, NaN before them is no fault either.
    [Fact]
    public void Json_NaNBeforeTheIds_LeavesThemToTheRecords() =>
        Read("{\"x\":NaN,\"id\":7,\"text\":\"a\"}\n{\"x\":1,\"id\":8,\"text\":\"a\"}\n", new RecordFields()).Select(r => r.Id.ToString()).Should()
            .Equal("7", "8");

    [Fact]
    public void Json_ManyFieldsOfOneName_AreCarriedOnce()
    {
        string many = string.Join(',', Enumerable.Range(0, 9_000).Select(i => $"\"a\":{i}"));
        Read($"{{\"id\":1,\"text\":\"a\",{many}}}", new RecordFields { KeepOthers = true }).Single().Others.Should().Be("\"a\":8999");
    }

    [Fact]
    public void Json_SmallFieldsBehindLargeOnes_AreCarriedAlone()
    {
        string large = new('x', 2 << 20);
        string content = $"{{\"text\":\"a\",\"a\":\"{large}\",\"b\":1}}\n{{\"text\":\"a\",\"c\":[2]}}\n{{\"text\":\"a\"}}\n";
        Read(content, new RecordFields { KeepOthers = true }).Select(r => r.Others).Should().Equal(
            $"\"a\":\"{large}\",\"b\":1", "\"c\":[2]", null);
    }

    private static List<TextRecord> Read(string content, RecordFields fields)
    {
        using RecordSource source = new([RecordReaderTests.Input(content, RecordFormat.JsonLines)], fields);
        return RecordReaderTests.All(source);
    }
}
