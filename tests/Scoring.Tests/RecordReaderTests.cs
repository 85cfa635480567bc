using System.Text;
using CsCheck;
using FluentAssertions;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Scoring.Tests;

public sealed class RecordReaderTests
{
    private const string Bom = "\uFEFF";

    [Theory]
    [InlineData("", "")]
    [InlineData("\n", "")]
    [InlineData("{\"text\":\"a\"}", "a")]
    [InlineData("{\"text\":\"a\"}\n", "a")]
    [InlineData("{\"text\":\"a\"}\r\n{\"text\":\"b\"}\r\n", "a|b")]
    [InlineData(Bom + "{\"text\":\"a\"}\n\n{\"text\":\"b\"}", "a|b")]
    [InlineData("{\"text\":\"\"}\n{\"text\":\"\\u0000 \\t\\n中\\ud83d\\ude00\"}", "|\0 \t\n中😀")]
    public void JsonLines_WellFormed_GivesTheTexts(string content, string expected) =>
        Texts(Read(content, RecordFormat.JsonLines)).Should().Be(expected);

    [Theory]
    [InlineData("", "")]
    [InlineData("\n", "")]
    [InlineData("a", "a")]
    [InlineData("a\n", "a")]
    [InlineData("a\r\n\r\nb\r\n", "a||b")]
    [InlineData(Bom + "a\rb\n", "a\rb")]
    [InlineData("\u3000\n \n\u0001", "\u3000| |\u0001")]
    public void TextLines_AnyLineEnd_GivesOneRecordPerLine(string content, string expected) =>
        Texts(Read(content, RecordFormat.Text)).Should().Be(expected);

    [Fact]
    public void TextLines_OnlyALineFeed_IsOneEmptyRecord() => Read("\n", RecordFormat.Text).Should().ContainSingle();

    [Theory]
    [InlineData("text\na\n", "a")]
    [InlineData("text", "")]
    [InlineData("", "")]
    [InlineData("id,text\r\n1,a\r\n\r\n2,b", "a|b")]
    [InlineData("id,text\r1,a\r2,b\r", "a|b")]
    [InlineData(Bom + "id,text\n1,\"a,\"\"b\"\"\nc\"\n2,d\n", "a,\"b\"\nc|d")]
    [InlineData("id;text\n1;a,b\n", "a,b")]
    [InlineData("text,id\n5\" disk,1\n,2\n", "5\" disk|")]
    [InlineData("text\na\n\nb\n", "a||b")]
    public void Csv_WellFormed_GivesTheTexts(string content, string expected) =>
        Texts(Read(content, RecordFormat.Csv)).Should().Be(expected);

    [Fact]
    public void Tsv_WithCommasAndQuotes_SplitsAtTabs() =>
        Texts(Read("id\ttext\n1\ta,b;c\n2\t\"x\ty\"\n", RecordFormat.Tsv)).Should().Be("a,b;c|x\ty");

    [Theory]
    [InlineData("{}", "no field 'text'")]
    [InlineData("{\"text\":null}", "field 'text': expected a string, found null")]
    [InlineData("{\"text\":5}", "field 'text': expected a string, found a number")]
    [InlineData("{\"text\":[\"a\"]}", "field 'text': expected a string, found an array")]
    [InlineData("{\"text\":\"a\",\"text\":\"b\"}", "field 'text' stands there twice")]
    [InlineData("{\"text\":\"a\"} b", "not JSON at byte 13 of the record")]
    [InlineData("{\"text\":\"a\"", "not JSON at byte 11 of the record")]
    [InlineData("[1]", "expected a JSON object, found an array")]
    [InlineData("\"a\"", "expected a JSON object, found a string")]
    [InlineData("{\"id\":NaN,\"text\":\"a\"}", "not JSON at byte 6 of the record")]
    [InlineData("{\"id\":{},\"text\":\"a\"}", "field 'id': expected a string, number, true, false or null, found an object")]
    [InlineData("{\"text\":\"\\ud800\"}", "a string holds half of a surrogate pair")]
    [InlineData("{\"id\":\"\\udc00x\",\"text\":\"a\"}", "a string holds half of a surrogate pair")]
    public void JsonLines_BadRecord_IsRejectedBetweenItsNeighbours(string line, string error)
    {
        List<TextRecord> records = Read($"{{\"text\":\"a\"}}\n{line}\n{{\"text\":\"b\"}}", RecordFormat.JsonLines);
        records.Should().HaveCount(3);
        records[1].Error.Should().Be(error);
        records[1].Place.Should().Be(new RecordPlace("input", 2, 13));
        Encoding.UTF8.GetString(records[1].Raw!).Should().Be(line);
        records[0].Error.Should().BeNull();
        records[2].Text.Should().Be("b");
    }

    [Theory]
    [InlineData(9_999, null)]
    [InlineData(10_000, "more than 10000 fields")]
    public void JsonLines_VeryManyFields_AreRejected(int others, string? error)
    {
        string fields = string.Join(',', Enumerable.Range(0, others).Select(i => $"\"{i}\":0"));
        Read($"{{\"text\":\"a\",{fields}}}", RecordFormat.JsonLines).Single().Error.Should().Be(error);
    }

    [Fact]
    public void JsonLines_NestedTenThousandDeep_IsRejected()
    {
        string deep = $"{{\"text\":\"a\",\"x\":{new string('[', 10_000)}{new string(']', 10_000)}}}";
        Read(deep, RecordFormat.JsonLines).Single().Error.Should().StartWith("not JSON");
    }

    [Theory]
    [InlineData("61 C0 AF", 1)]        // overlong
    [InlineData("80", 0)]              // lone continuation
    [InlineData("61 62 ED A0 80", 2)]  // surrogate
    [InlineData("F5 80 80 80", 0)]     // beyond U+10FFFF
    [InlineData("E4 B8", 0)]           // cut off
    public void AnyFormat_InvalidUtf8_IsRejectedWithItsPlace(string hex, int at)
    {
        byte[] bad = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        string error = $"not UTF-8 at byte {at} of the record";
        Read([.. "x\n"u8, .. bad], RecordFormat.Text)[1].Error.Should().Be(error);
        Read([.. "text\nx\n"u8, .. bad, .. "\ny"u8], RecordFormat.Csv).Select(r => r.Error).Should().Equal(
            null, error, null);
        Read([.. "{\"text\":\""u8, .. bad, .. "\"}"u8], RecordFormat.JsonLines).Single().Error.Should().Be(
            $"not UTF-8 at byte {at + 9} of the record");
    }

    [Theory]
    [InlineData("1,a,b", "3 fields where the header has 2")]
    [InlineData("1", "1 fields where the header has 2")]
    [InlineData("1,\"a\"b", "text after the closing quote of field 2")]
    [InlineData("1,\"say \"hi\" now\"", "text after the closing quote of field 2")]
    [InlineData("1,a\0b", "a NUL byte")]
    public void Csv_BadRow_IsRejectedBetweenItsNeighbours(string row, string error)
    {
        List<TextRecord> records = Read($"id,text\n0,x\n{row}\n2,y\n", RecordFormat.Csv);
        records.Select(r => r.Error).Should().Equal(null, error, null);
        records[1].Place.Should().Be(new RecordPlace("input", 3, 12));
        records[2].Id.ToString().Should().Be("2");
    }

    [Theory]
    [InlineData("text\na\n\"b\nc\n", "line 3")]
    [InlineData("\"text\n", "line 1")]
    [InlineData("id,body\n", "line 1")]
    [InlineData("text,text\n", "line 1")]
    public void Csv_LostStructure_IsMalformed(string content, string place)
    {
        Action read = () => Read(content, RecordFormat.Csv);
        read.Should().Throw<GauFormatException>().Which.Place.Should().Be(place);
    }

    [Theory]
    [InlineData("1F8B0800", "gzip")]
    [InlineData("504B0304", "zip")]
    [InlineData("504152311504", "Parquet")]   // four letters alone begin a text
    [InlineData("FFFE6100", "UTF-16")]
    public void AnyFormat_BinaryInput_IsNamed(string hex, string kind)
    {
        Action read = () => Read(Convert.FromHexString(hex), RecordFormat.JsonLines);
        read.Should().Throw<GauFormatException>().WithMessage($"*{kind}*");
    }

    [Theory]
    [InlineData(RecordFormat.Text, "", "short", "{0}")]
    [InlineData(RecordFormat.Csv, "text\n", "short", "{0}")]
    [InlineData(RecordFormat.Csv, "text\n", "short", "\"{0}\n{0}\"")]
    [InlineData(RecordFormat.JsonLines, "", "{\"text\":\"short\"}", "{{\"text\":\"{0}\"}}")]
    public void AnyFormat_TooLongRecord_IsSteppedOver(RecordFormat format, string header, string good, string bad)
    {
        string longRecord = string.Format(
            System.Globalization.CultureInfo.InvariantCulture, bad, new string('x', 200_000));
        List<TextRecord> records = Read(
            Encoding.UTF8.GetBytes($"{header}{good}\n{longRecord}\n{good}"), format, longest: 1000);
        records.Select(r => r.Error).Should().Equal(null, RecordErrors.TooLong, null);
        records[1].Raw.Should().BeNull();
        records[2].Text.Should().Be("short");
    }

    [Theory]
    [InlineData("\"x\"", "x")]
    [InlineData("\"\\u0061\"", "a")]
    [InlineData("12.50e1", "12.50e1")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("true", "true")]
    public void JsonLines_ScalarId_IsKeptAsWritten(string id, string text) =>
        Read($"{{\"id\":{id},\"text\":\"\"}}", RecordFormat.JsonLines).Single().Id.ToString().Should().Be(text);

    [Fact]
    public void Records_WithoutId_AreNumberedThroughAllInputs()
    {
        using RecordSource source = new(
            [Input("a\nb\n", RecordFormat.Text), Input("{\"text\":\"c\"}\n", RecordFormat.JsonLines)],
            new RecordFields());
        List<TextRecord> records = All(source);
        records.Select(r => r.Id.ToString()).Should().Equal("0", "1", "2");
        source.BytesRead.Should().Be(17);
        source.BytesTotal.Should().Be(17);
    }

    [Fact]
    public void Fields_OfOtherNames_AreFound()
    {
        RecordFields fields = new() { Text = "q", Pair = "c", Id = "n", KeepOthers = true };
        const string Json = "{\"n\":7,\"q\":\"x\",\"c\":\"y\",\"gold\":{\"k\":[1]},\"z\":null}";
        TextRecord json = Read(Encoding.UTF8.GetBytes(Json), RecordFormat.JsonLines, fields: fields).Single();
        (json.Text, json.Pair, json.Id.ToString(), json.Others).Should().Be(
            ("x", "y", "7", "\"gold\":{\"k\":[1]},\"z\":null"));
        TextRecord csv = Read("gold,c,q,n\n\"a\"\"b\",y,x,7\n"u8.ToArray(), RecordFormat.Csv, fields: fields).Single();
        (csv.Text, csv.Pair, csv.Id.ToString(), csv.Others).Should().Be(("x", "y", "7", "\"gold\":\"a\\\"b\""));
    }

    [Theory]
    [InlineData("{\"choices\":[\"a\",\"b\"]}", null)]
    [InlineData("{\"choices\":[]}", "field 'choices' is empty")]
    [InlineData("{\"choices\":[1]}", "field 'choices': expected an array of strings, found a number in it")]
    [InlineData("{\"choices\":\"a\"}", "field 'choices': expected an array of strings, found a string")]
    [InlineData("{\"text\":\"a\"}", "no field 'choices'")]
    public void Choices_AreAnArrayOfStrings(string json, string? error) =>
        Read(Encoding.UTF8.GetBytes(json), RecordFormat.JsonLines, fields: new RecordFields { Choices = "choices" })
            .Single().Error.Should().Be(error);

    [Fact]
    public void TextLines_WithPairs_AreRefused()
    {
        Action make = () => _ = new RecordSource([Input("a", RecordFormat.Text)], new RecordFields { Pair = "b" });
        make.Should().Throw<ScoringException>().Which.Fault.Should().Be(ScoringFault.Usage);
    }

    [Theory]
    [InlineData(RecordFormat.JsonLines, "{\"id\":1,\"text\":\"今\\u5929\",\"x\":[{\"y\":null}]}\n{\"text\":\"b\"}\n")]
    [InlineData(RecordFormat.Csv, "id,text\r\n1,\"今\"\"天\"\r\n2,b\n")]
    [InlineData(RecordFormat.Text, "今天\r\nb\n")]
    public void AnyFormat_DamagedInput_IsReadOrRefused(RecordFormat format, string content)
    {
        byte[] sound = Encoding.UTF8.GetBytes(content);
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte, Gen.Int[0, sound.Length]).Sample((at, value, length) =>
        {
            byte[] damaged = [.. sound];
            damaged[at] = value;
            try
            {
                foreach (TextRecord record in Read(damaged[..length], format, fields: new RecordFields { KeepOthers = true }))
                    (record.Error is null).Should().Be(record.Text is not null);
            }
            catch (GauFormatException)
            {
                // A lost structure is told like this, and nothing else may come out.
            }
        });
    }

    internal static InputFile Input(string content, RecordFormat format) =>
        Input(Encoding.UTF8.GetBytes(content), format);

    internal static InputFile Input(byte[] content, RecordFormat format) =>
        new("input", format, content.Length, () => new MemoryStream(content));

    [Theory]
    [InlineData("\"a\"", "a")]
    [InlineData("\"\"", "")]
    [InlineData("\"\\u6cd5\\n\\\"\"", "法\n\"")]
    [InlineData("1.50", "1.50")]
    public void Id_OfJson_IsItsValueAsText(string json, string text) =>
        Read($"{{\"id\":{json},\"text\":\"a\"}}\n", RecordFormat.JsonLines).Single().Id.ToString().Should().Be(text);

    private static List<TextRecord> Read(string content, RecordFormat format) =>
        Read(Encoding.UTF8.GetBytes(content), format);

    private static List<TextRecord> Read(
        byte[] content, RecordFormat format, int longest = 1 << 20, RecordFields? fields = null)
    {
        using RecordSource source = new([Input(content, format)], fields ?? new RecordFields(), longest);
        return All(source);
    }

    internal static List<TextRecord> All(RecordSource source)
    {
        List<TextRecord> records = [];
        while (source.Next() is { } record)
            records.Add(record);
        return records;
    }

    private static string Texts(List<TextRecord> records)
    {
        records.Where(r => r.Error is not null).Should().BeEmpty();
        return string.Join('|', records.Select(r => r.Text));
    }
}
