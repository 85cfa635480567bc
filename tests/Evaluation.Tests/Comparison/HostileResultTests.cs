using System.Text;
using CsCheck;
using FluentAssertions;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Evaluation.Tests.Comparison;

public sealed class HostileResultTests
{
    private const string NoResult =
        "neither a result nor an error: none of the fields that score, embed, fill and rerank write";

    [Theory]
    [InlineData("nonsense", "not JSON at byte 1 of the record")]
    [InlineData("[1]", "expected a JSON object, found an array")]
    [InlineData("{\"id\":1,\"value\":1", "not JSON at byte 17 of the record")]
    [InlineData("{\"id\":1,\"value\":1} {}", "not JSON at byte 19 of the record")]
    [InlineData("{\"id\":1,\"value\":NaN}", "not JSON at byte 16 of the record")]
    [InlineData("{}", "no field 'id'")]
    [InlineData("{\"value\":1}", "no field 'id'")]
    [InlineData("{\"error\":\"x\"}", "no field 'id'")]
    [InlineData("{\"id\":1}", NoResult)]
    [InlineData("{\"id\":1,\"tokens\":1,\"text\":\"x\"}", NoResult)]
    [InlineData("{\"id\":[1],\"value\":1}",
        "field 'id': expected a string, number, true, false or null, found an array")]
    [InlineData("{\"id\":1,\"value\":\"NaN\"}", "field 'value': expected a number, found a string")]
    [InlineData("{\"id\":1,\"value\":1e39}", "field 'value': a number beyond those of 32 bits")]
    [InlineData("{\"id\":1,\"value\":-1e999}", "field 'value': a number beyond those of 32 bits")]
    [InlineData("{\"id\":1,\"value\":null}", "field 'value': expected a number, found null")]
    [InlineData("{\"id\":1,\"label\":5}", "field 'label': expected a string, found a number")]
    [InlineData("{\"id\":1,\"label\":\"\\ud800\"}", "a string holds half of a surrogate pair")]
    [InlineData("{\"id\":\"\\udc00\",\"value\":1}", "a string holds half of a surrogate pair")]
    [InlineData("{\"id\":1,\"value\":1,\"value\":1}", "field 'value' stands there twice")]
    [InlineData("{\"id\":1,\"id\":1,\"value\":1}", "field 'id' stands there twice")]
    [InlineData("{\"id\":1,\"value\":1,\"x\":1,\"x\":1}", "field 'x' stands there twice")]
    [InlineData("{\"id\":1,\"error\":true}", "field 'error': expected a string, found true or false")]
    [InlineData("{\"id\":1,\"tokens\":-1}", "field 'tokens': expected a whole number of at least 0")]
    [InlineData("{\"id\":1,\"tokens\":1.5}", "field 'tokens': expected a whole number of at least 0")]
    [InlineData("{\"id\":1,\"truncated\":\"true\"}", "field 'truncated': expected true or false, found a string")]
    [InlineData("{\"id\":1,\"probabilities\":1}",
        "field 'probabilities': expected an object or an array, found a number")]
    [InlineData("{\"id\":1,\"probabilities\":{\"x\":\"1\"}}",
        "field 'probabilities': expected a number, found a string")]
    [InlineData("{\"id\":1,\"probabilities\":{\"x\":1,\"x\":1}}",
        "field 'probabilities': label 'x' stands there twice")]
    [InlineData("{\"id\":1,\"probabilities\":[null]}", "field 'probabilities': expected a number, found null")]
    [InlineData("{\"id\":1,\"embedding\":{}}", "field 'embedding': expected an array, found an object")]
    [InlineData("{\"id\":1,\"embedding\":[[1]]}", "field 'embedding': expected a number, found an array")]
    [InlineData("{\"id\":1,\"labels\":[1]}", "field 'labels': expected a string, found a number")]
    [InlineData("{\"id\":1,\"entities\":[1]}", "field 'entities': expected objects in it, found a number")]
    [InlineData("{\"id\":1,\"entities\":[{\"label\":\"x\",\"start\":0,\"score\":1}]}",
        "field 'entities': an item without 'end'")]
    [InlineData("{\"id\":1,\"entities\":[{\"label\":\"x\",\"label\":\"x\"}]}", "field 'label' stands there twice")]
    [InlineData("{\"id\":1,\"masks\":[{\"tokens\":[]}]}", "field 'masks': an item without 'tokens'")]
    [InlineData("{\"id\":1,\"masks\":[{\"tokens\":[{\"token\":\"x\"}]}]}",
        "field 'masks': an item without 'probability'")]
    [InlineData("{\"id\":1,\"results\":{}}", "field 'results': expected an array, found an object")]
    [InlineData("{\"id\":1,\"results\":[1]}", "field 'results': expected objects in it, found a number")]
    [InlineData("{\"id\":1,\"results\":[{\"id\":1}]}", "field 'results': an item without 'score'")]
    [InlineData("{\"id\":1,\"results\":[{\"score\":1}]}", "field 'results': an item without 'id'")]
    [InlineData("{\"id\":1,\"results\":[{\"id\":[],\"score\":1}]}",
        "field 'results': expected a string, number, true, false or null, found an array")]
    [InlineData("{\"id\":1,\"candidate\":2,\"rank\":1}", "a pair has a rank and a score, or neither")]
    [InlineData("{\"id\":1,\"candidate\":2,\"rank\":-1}", "field 'rank': expected a whole number of at least 0")]
    public void JsonLines_BadRow_IsRefusedWithItsLineAndReason(string row, string reason)
    {
        GauFormatException e = Refusal(
            Encoding.UTF8.GetBytes("{\"id\":0,\"value\":1}\n\n" + row), RecordFormat.JsonLines);
        (e.File, e.Place, e.Reason).Should().Be(("a", "line 3", reason));
    }

    [Theory]
    [InlineData("label,score", "1", 1, "no column 'id'")]
    [InlineData("id,score,score", "", 1, "two columns are called 'score'")]
    [InlineData("id,\"sco", "", 1, "the file ends inside quotes that open in the header")]
    [InlineData("id,score", "1,\"5", 3, "the file ends inside quotes that open in this record")]
    [InlineData("id,score", "1", 3, "1 fields where the header has 2")]
    [InlineData("id,score", "1,2,3", 3, "3 fields where the header has 2")]
    [InlineData("id,score", "1,\"2\"3", 3, "text after the closing quote of field 2")]
    [InlineData("id,score", "1,NaN", 3, "field 'score': 'NaN' is not a finite number of 32 bits")]
    [InlineData("id,score", "1,1e39", 3, "field 'score': '1e39' is not a finite number of 32 bits")]
    [InlineData("id,score", "1,", 3, NoResult)]
    [InlineData("id,p_x", "1,", 3, "field 'p_x': '' is not a finite number of 32 bits")]
    [InlineData("id,choice", "1,-1", 3, "field 'choice': '-1' is not a whole number of at least 0")]
    [InlineData("id,truncated", "1,1", 3, "field 'truncated': '1' is neither true nor false")]
    [InlineData("id,embedding", "1,\"[1\"", 3, "field 'embedding': not JSON at byte 2 of the cell")]
    [InlineData("id,embedding", "1,[1]]", 3, "field 'embedding': not JSON at byte 3 of the cell")]
    [InlineData("id,candidate,rank,score", "1,2,,0.5", 3, "a pair has a rank and a score, or neither")]
    [InlineData("id,candidate,rank,score", "1,2,x,0.5", 3, "field 'rank': 'x' is not a whole number of at least 0")]
    [InlineData("id,embedding", "1,{}", 3, "field 'embedding': expected an array, found an object")]
    public void Csv_BadTable_IsRefusedWithItsLineAndReason(string header, string row, int line, string reason)
    {
        string good = header switch { "id,embedding" => "0,[1]", "id,truncated" => "", "id,candidate,rank,score" => "0,1,1,1", _ => "0,1" };
        GauFormatException e = Refusal(Encoding.UTF8.GetBytes($"{header}\n{good}\n{row}"), RecordFormat.Csv);
        (e.File, e.Place, e.Reason).Should().Be(("a", $"line {line}", reason));
    }

    [Theory]
    [InlineData(RecordFormat.JsonLines, "{\"id\":\"", "\",\"value\":1}", 7)]
    [InlineData(RecordFormat.Csv, "id,value\n", ",1", 0)]
    [InlineData(RecordFormat.Tsv, "id\tvalue\n", "\t1", 0)]
    public void AnyFormat_InvalidUtf8_IsRefused(RecordFormat format, string before, string after, int at) =>
        Refusal([.. Encoding.UTF8.GetBytes(before), 0xC0, 0xAF, .. Encoding.UTF8.GetBytes(after)], format).Reason
            .Should().Be($"not UTF-8 at byte {at} of the record");

    [Theory]
    [InlineData(RecordFormat.JsonLines, "{\"id\":1,\"value\":1,\"x\":\"", "\"}")]
    [InlineData(RecordFormat.Csv, "id,value\n1,\"", "\"")]
    [InlineData(RecordFormat.Csv, "id,", "\n")]
    public void AnyFormat_HugeLine_IsRefused(RecordFormat format, string before, string after) =>
        Refusal(Encoding.UTF8.GetBytes(before + new string('x', 2000) + after), format, longest: 1000).Reason
            .Should().Be(RecordErrors.TooLong);

    [Fact]
    public void JsonLines_DeepNesting_IsRefusedButNotInCarriedFieldsOfARecordsDepth()
    {
        byte[] Row(int depth) => Encoding.UTF8.GetBytes(
            $"{{\"id\":1,\"value\":1,\"fields\":{{\"x\":{new string('[', depth)}{new string(']', depth)}}}}}");
        Refusal(Row(100_000), RecordFormat.JsonLines).Reason.Should().StartWith("not JSON at byte ");
        Compared.WithItself(Row(64)).Records.Should().Be(1);
    }

    [Fact]
    public void AnyFormat_MoreItemsThanAResultHas_IsRefused()
    {
        string zeros = string.Join(',', Enumerable.Repeat("0", 1_000_001));
        Refusal(Encoding.UTF8.GetBytes($"{{\"id\":1,\"embedding\":[{zeros}]}}"), null, 1 << 23).Reason
            .Should().Be("field 'embedding': more than 1000000 items");
        Refusal(Encoding.UTF8.GetBytes("id,value\n" + new string(',', 4_000_001)), null, 1 << 23).Reason
            .Should().Be("more than 4000000 fields");
    }

    [Theory]
    [InlineData("1F8B0800", "gzip")]
    [InlineData("FFFE6100", "UTF-16")]
    public void AnyFormat_BinaryContent_IsNamed(string hex, string kind) =>
        Refusal(Convert.FromHexString(hex), null).Reason.Should().Contain(kind);

    [Theory]
    [InlineData(
        RecordFormat.JsonLines,
        """
        {"id":1,"label":"今\u5929","score":0.5,"probabilities":{"今天":0.5,"b":1e-3},"labels":["b"],"truncated":true}
        {"id":"2","entities":[{"label":"x","score":1,"start":0,"end":2,"pair":true}],"fields":{"k":[1]},"tokens":5}
        {"id":3,"masks":[{"position":1,"tokens":[{"token":"x","probability":0.5}]}]}
        {"id":4,"error":"x"}
        """)]
    [InlineData(
        RecordFormat.Csv,
        """
        id,label,score,p_x,choice,probabilities,answer,start,end,value,embedding,tokens,truncated,error
        "1""2",x,0.5,1,1,,今天,1,2,-3,"[1,2e-5]",9,true,
        2,,,,,,,,,,,,,bad
        """)]
    public void AnyFormat_DamagedContent_IsReadOrRefused(RecordFormat format, string content)
    {
        byte[] sound = Encoding.UTF8.GetBytes(content);
        Compared.WithItself(sound, format).Records.Should().BePositive();
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte, Gen.Int[0, sound.Length]).Sample((at, value, length) =>
        {
            byte[] damaged = [.. sound];
            damaged[at] = value;
            try
            {
                Compared.WithItself(damaged[..length], format).Identical.Should().BeTrue();
            }
            catch (GauFormatException e)
            {
                e.Message.Should().NotContain("\n");
            }
        });
    }

    private static GauFormatException Refusal(byte[] content, RecordFormat? format, int longest = 1 << 20) =>
        FluentActions.Invoking(() => Compared.WithItself(content, format, longest)).Should()
            .Throw<GauFormatException>().Which;
}
