using System.Text;
using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>R9: a line that is no record becomes a reject with its place, and nothing else changes.</summary>
public sealed class BadJsonTests(TinyGau gau) : IClassFixture<TinyGau>
{
    private const string Before = "\uFEFF{\"id\":\"before\",\"text\":\"今天\"}\n\n";
    private const string After = "\n{\"id\":\"after\",\"text\":\"天气\"}\n";

    [Theory]
    [InlineData("{}", "no field 'text'")]
    [InlineData("{\"id\":7,\"body\":\"今\"}", "no field 'text'")]
    [InlineData("{\"text\":null}", "field 'text': expected a string, found null")]
    [InlineData("{\"text\":12.5}", "field 'text': expected a string, found a number")]
    [InlineData("{\"text\":{\"a\":[1]}}", "field 'text': expected a string, found an object")]
    [InlineData("{\"text\":\"今\",\"text\":\"天\"}", "field 'text' stands there twice")]
    [InlineData("{\"text\":\"今\",\"te\\u0078t\":\"天\"}", "field 'text' stands there twice")]
    [InlineData("{\"text\":\"今\"} 天", "not JSON at byte 15 of the record")]
    [InlineData("{\"text\":\"今\"}{\"text\":\"天\"}", "not JSON at byte 14 of the record")]
    [InlineData("{\"text\":\"今\"", "not JSON at byte 13 of the record")]
    [InlineData("{\"id\":NaN,\"text\":\"今\"}", "not JSON at byte 6 of the record")]
    [InlineData("{\"id\":Infinity,\"text\":\"今\"}", "not JSON at byte 6 of the record")]
    [InlineData("{\"text\":\"一\t二\"}", "not JSON at byte 12 of the record")]
    [InlineData("{\"text\":\"一\0二\"}", "not JSON at byte 12 of the record")]
    [InlineData("\uFEFF{\"text\":\"今\"}", "a byte order mark at the start of the line")]
    [InlineData("[\"今\"]", "expected a JSON object, found an array")]
    [InlineData("今", "not JSON at byte 0 of the record")]
    public void R9_LineThatIsNoRecord_IsRejectedWithLineAndOffset(string line, string error)
    {
        byte[] input = Encoding.UTF8.GetBytes(Before + line + After);
        (GauRun run, JsonElement[] rejects) = gau.RunWithRejects("score -", input);
        run.Code.Should().Be(0, run.Error);
        JsonElement reject = rejects.Should().ContainSingle().Which;
        reject.GetProperty("error").GetString().Should().Be(error);
        reject.GetProperty("line").GetInt32().Should().Be(3);
        reject.GetProperty("record").GetInt32().Should().Be(1);
        reject.GetProperty("text").GetString().Should().Be(line);
        int offset = reject.GetProperty("offset").GetInt32();
        input.AsSpan(offset).StartsWith(Encoding.UTF8.GetBytes(line)).Should().BeTrue();
        NeighboursAreUntouched(run);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"x\":", "}")]
    public void R9_NestedTenThousandDeep_IsRejectedWithLineAndOffset(string open, string close)
    {
        StringBuilder line = new("{\"text\":\"今\",\"x\":");
        line.Insert(line.Length, open, 10_000).Append('1').Insert(line.Length, close, 10_000).Append('}');
        (GauRun run, JsonElement[] rejects) = gau.RunWithRejects(
            "score - --keep-fields", Encoding.UTF8.GetBytes(Before + line + After));
        run.Code.Should().Be(0, run.Error);
        rejects.Single().GetProperty("line").GetInt32().Should().Be(3);
        rejects[0].GetProperty("offset").GetInt32().Should().Be(Encoding.UTF8.GetByteCount(Before));
        NeighboursAreUntouched(run);
    }

    [Fact]
    public void R9_SecondInput_CountsLinesAndBytesOfItsOwn()
    {
        string first = gau.Path("first.jsonl"), second = gau.Path("second.jsonl");
        File.WriteAllText(first, "{\"text\":\"今\"}\n{}\n");
        File.WriteAllText(second, "{\"text\":\"今\"}\r\n\r\n{}\r\n");
        (GauRun run, JsonElement[] rejects) = gau.RunWithRejects($"score {first} {second}", []);
        run.Lines.Should().HaveCount(4);
        rejects.Select(r => (r.GetProperty("file").GetString(), r.GetProperty("record").GetInt32(),
            r.GetProperty("line").GetInt32(), r.GetProperty("offset").GetInt32())).Should().Equal(
            (first, 1, 2, 15), (second, 3, 3, 18));
    }

    private void NeighboursAreUntouched(GauRun run)
    {
        GauRun good = gau.Run("score -", Before + After);
        good.Lines.Should().HaveCount(2).And.OnlyContain(row => row.Contains("\"label\""));
        run.Lines.Should().HaveCount(3);
        run.Lines[1].Should().Contain("\"error\":");
        string[] neighbours = [run.Lines[0], run.Lines[2]];
        neighbours.Should().Equal(good.Lines);
    }
}
