using System.Buffers;
using System.Text;
using FluentAssertions;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using Xunit;

namespace GauRuntime.Scoring.Tests;

public sealed class RejectLineTests
{
    private const string Head =
        """{"id":null,"error":"too long","file":"in.jsonl","record":7,"line":8,"offset":90""";

    [Fact]
    public void Write_RecordThatCouldBeRead_HasTheFieldsThatWereAskedFor()
    {
        TextRecord record = Record() with
        {
            Text = "一\n\"二\"", Pair = "三", Choices = ["四", ""], Label = """{"a":[1.50,"\ud800"]}""", Others = "\"kept\":1",
        };
        Line(record).Should().Be(
            Head + ""","text":"一\n\"二\"","pair":"三","choices":["四",""],"label":{"a":[1.50,"\ud800"]}}""" + "\n");
    }

    [Theory]
    [InlineData(new byte[] { 0x7b, 0x7d, 0x7b }, ",\"text\":\"{}{\"}\n")]
    [InlineData(new byte[] { 0x7b, 0xff }, ",\"base64\":\"e/8=\"}\n")]
    public void Write_RecordThatCouldNotBeRead_HasItAsItStands(byte[] raw, string end) =>
        Line(Record() with { Raw = raw, Label = "1" }).Should().Be(Head + end);

    [Fact]
    public void Write_RecordThatWasTooLong_HasItsPlaceAlone() => Line(Record()).Should().Be(Head + "}\n");

    [Fact]
    public void Rejected_RecordNamedAnew_KeepsAllOfIt()
    {
        TextRecord record = Record() with { Text = "一", Choices = ["二"], Replaced = true };
        Line(record.Named(RecordId.Missing(7)).Rejected("too long")).Should().Be(
            Head + ""","replaced":true,"text":"一","choices":["二"]}""" + "\n");
    }

    private static TextRecord Record() =>
        new() { Number = 7, Id = RecordId.Missing(7), Place = new RecordPlace("in.jsonl", 8, 90) };

    private static string Line(in TextRecord record)
    {
        ArrayBufferWriter<byte> output = new();
        RejectLine.Write(record, "too long", output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
