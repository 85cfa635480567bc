using System.Text;
using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Weights.Tests;

public sealed class JsonFaultTests
{
    [Theory]
    [InlineData("{\"a\": 1,}", "line 1", "a comma with nothing behind it, before '}' (character 9 of the line)")]
    [InlineData("{\n \"a\": [1, 2,\n ]}", "line 3", "a comma with nothing behind it, before ']' (character 2 of the line)")]
    [InlineData("{,\"a\": 1}", "line 1", "a comma with nothing before it")]
    [InlineData("{\"a\": 1 \"b\": 2}", "line 1", "a comma or a colon is missing before the quote (character 9 of the line)")]
    [InlineData("{\"a\" \"b\"}", "line 1", "a comma or a colon is missing before the quote")]
    [InlineData("{'a': 1}", "line 1", "a single quote")]
    [InlineData("{\"a\": NaN}", "line 1", "'NaN' without quotes")]
    [InlineData("{\"a\": None}", "line 1", "'None' without quotes")]
    [InlineData("{a: 1}", "line 1", "'a' without quotes")]
    [InlineData("{\"a\": 1 // one\n}", "line 1", "a comment")]
    [InlineData("# one\n{}", "line 1", "a comment")]
    [InlineData("{\"a\": \"one\ntwo\"}", "line 1", "a string that does not end on its line")]
    [InlineData("{\"a\": \"\t\"}", "line 1", "a control character inside a string")]
    [InlineData("{\"a\": \"\\q\"}", "line 1", "the escape '\\q'")]
    [InlineData("{\"标签\"：1}", "line 1", "'：' does not belong there (character 6 of the line)")]
    [InlineData("{\"a\": “b”}", "line 1", "'“' does not belong there")]
    [InlineData("{\"a\": 1}}", "line 1", "'}' does not belong there")]
    [InlineData("{\"a\": 1", "line 1", "the file ends in the middle")]
    [InlineData("{\"a\": [\n\"b", "line 2", "the file ends in the middle")]
    [InlineData("{\"a\": tr", "line 1", "the file ends in the middle")]
    [InlineData("", "line 1", "the file ends in the middle")]
    [InlineData("{\"a\": 1,\n\"b\": {\"a\": 2,\n\"a\": 3}}", "line 3", "the key 'a' occurs twice")]
    public void Explain_EachFault_SaysWhatStandsThere(string text, string place, string what)
    {
        byte[] json = Encoding.UTF8.GetBytes(text);
        JsonException fault = FluentActions
            .Invoking(() => JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false }))
            .Should().Throw<JsonException>().Which;
        (string Place, string Reason) told = JsonFault.Explain(json, fault);
        told.Place.Should().Be(place);
        told.Reason.Should().StartWith("no valid JSON: ").And.Contain(what);
    }

    [Fact]
    public void Explain_TooDeep_SaysSo()
    {
        byte[] json = [.. Enumerable.Repeat((byte)'[', 100), .. Enumerable.Repeat((byte)']', 100)];
        JsonException fault = FluentActions.Invoking(() => JsonDocument.Parse(json)).Should().Throw<JsonException>().Which;
        JsonFault.Explain(json, fault).Reason.Should().Contain("nested too deep");
    }
}
