using System.Text;
using System.Text.Json;
using CsCheck;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>R4: bytes that are not UTF-8 reject their record, or are replaced and flagged; never silently.</summary>
public sealed class InvalidUtf8Tests(TinyGau gau) : IClassFixture<TinyGau>
{
    private static readonly byte[] Structure = "{}[]\",:\\u0 \t\r\0"u8.ToArray();
    private static readonly byte[] Good = "今天[MASK]天气"u8.ToArray();

    // What stands there, how many bytes of it are valid, and how many U+FFFD it becomes (Unicode 16, table 3-8).
    private static readonly (string Hex, int Valid, int Replacements)[] Sequences =
    [
        ("C0AF", 0, 2),              // overlong: two bytes for one
        ("E080AF", 0, 3),            // three bytes for one
        ("F08080AF", 0, 4),          // four
        ("80", 0, 1),                // lone continuation
        ("E4BB8A80", 3, 1),          // one continuation too many
        ("EDA080", 0, 3),            // surrogate, high
        ("EDBFBF", 0, 3),            // low
        ("F5808080", 0, 4),          // beyond U+10FFFF
        ("F4908080", 0, 4),          // just beyond it
        ("FF", 0, 1),
        ("E4BB", 0, 1),              // cut
        ("F09F98", 0, 1),
        ("61F09F98F09F62", 1, 2),
    ];

    public static TheoryData<string, string> Inputs { get; } = new(
        from format in (string[])["jsonl", "csv", "tsv", "txt"]
        from command in (string[])["score", "embed --dimensions 2", "fill --top 1"]
        select (format, command));

    [Theory]
    [MemberData(nameof(Inputs))]
    public void R4_InvalidUtf8_IsRejectedAndLeavesItsNeighboursAlone(string format, string command)
    {
        byte[][] texts = [Good, .. Sequences.SelectMany(s => (byte[][])[Bytes(s.Hex), Good])];
        byte[] input = RecordBytes.File(format, texts);
        string[] good = gau.Run(
            $"{command} - --format {format}", RecordBytes.File(format, [.. texts.Select(_ => Good)])).Lines;
        (GauRun run, JsonElement[] rejects) = gau.RunWithRejects($"{command} - --format {format}", input);
        run.Code.Should().Be(0, run.Error);
        run.Lines.Should().HaveCount(texts.Length);
        rejects.Should().HaveCount(Sequences.Length);
        for (int i = 0; i < texts.Length; i++)
        {
            if (i % 2 == 0)
            {
                run.Lines[i].Should().Be(good[i]);
                continue;
            }
            byte[] line = RecordBytes.Line(format, $"{i}", texts[i])[..^1];
            int at = line.AsSpan().IndexOf(texts[i]) + Sequences[i / 2].Valid;
            string id = format == "txt" ? $"{i}" : $"\"{i}\"";
            run.Lines[i].Should().Be($"{{\"id\":{id},\"error\":\"not UTF-8 at byte {at} of the record\"}}");
            JsonElement reject = rejects[i / 2];
            reject.GetProperty("base64").GetBytesFromBase64().Should().Equal(line);
            reject.GetProperty("line").GetInt32().Should().Be(format is "csv" or "tsv" ? i + 2 : i + 1);
            reject.GetProperty("offset").GetInt32().Should().Be(RecordBytes.File(format, texts[..i]).Length);
        }
    }

    [Theory]
    [InlineData("txt", "今天\n", "E4BB")]
    [InlineData("csv", "text\n今天\n", "F09F98")]
    [InlineData("jsonl", "{\"text\":\"今天\"}\n{\"text\":\"天", "E4")]
    public void R4_CharacterCutAtTheEndOfTheInput_IsRejected(string format, string good, string hex)
    {
        GauRun run = gau.Run(
            $"score - --format {format}", [.. Encoding.UTF8.GetBytes(good), .. Bytes(hex)]);
        run.Code.Should().Be(0, run.Error);
        run.Lines.Should().HaveCount(2);
        run.Lines[0].Should().Contain("\"label\"");
        run.Lines[1].Should().Contain("\"error\":\"not UTF-8 at byte ");
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public void R4_Replace_ScoresWithReplacementCharactersAndFlagsTheRow(string format, string command)
    {
        byte[][] texts = [Good, .. Sequences.SelectMany(s => (byte[][])[[.. Bytes(s.Hex), .. Good], Good])];
        byte[][] canonical = [.. texts.Select(t => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(t)))];
        string[] expected = gau.Run($"{command} - --format {format}", RecordBytes.File(format, canonical)).Lines;
        GauRun run = gau.Run($"{command} - --format {format} --utf8 replace", RecordBytes.File(format, texts));
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().Contain(" (0 rejected, ");
        run.Lines.Should().Equal(
            expected.Select((row, i) => i % 2 == 0 ? row : $"{row[..^1]},\"replaced\":true}}"));
    }

    [Fact]
    public void R4_Replace_FlagsOnlyWhatWasReplacedNotTheSameTextAsItCame()
    {
        byte[] bad = [.. Good, 0xFF], written = [.. Good, .. "\uFFFD"u8];
        string[] answers = TinyGau.Answers(
            gau.Run("score - --format txt --utf8 replace", RecordBytes.File("txt", bad, written, bad, written)));
        answers[1].Should().Contain("\"label\"").And.NotContain("replaced");
        answers.Should().Equal(
            $"{answers[1][..^1]},\"replaced\":true}}", answers[1], answers[0], answers[1]);
    }

    [Fact]
    public void R4_Replace_ShowsInEveryFieldOfTheRow()
    {
        foreach ((string hex, _, int replacements) in Sequences)
        {
            byte[] bad = Bytes(hex);
            byte[] input = [.. "{\"id\":\""u8, .. bad, .. "\",\"x\":\""u8, .. bad, .. "\",\"text\":\"今\"}\n"u8];
            JsonElement row = TinyGau.Parse(gau.Run("score - --keep-fields --utf8 replace", input).Output);
            string expected = Encoding.UTF8.GetString(bad);
            row.GetProperty("id").GetString().Should().Be(expected);
            row.GetProperty("fields").GetProperty("x").GetString().Should().Be(expected);
            expected.Count(c => c == '\uFFFD').Should().Be(replacements);
        }
    }

    [Fact]
    public void R4_Replace_HasAColumnInCsvOnlyWhereItWasAskedFor()
    {
        byte[] input = RecordBytes.File("csv", "今天"u8.ToArray(), [0xE4, 0xBB]);
        GauRun run = gau.Run("score - --format csv --output-format csv --utf8 replace", input);
        run.Lines[0].Should().EndWith(",tokens,truncated,empty,replaced,error");
        run.Lines[1].Should().EndWith(",4,false,false,false,");
        run.Lines[2].Should().EndWith(",2,false,true,true,");
        gau.Run("score - --format csv --output-format csv --utf8 reject", input).Lines[0].Should().EndWith(
            ",tokens,truncated,empty,error");
    }

    [Fact]
    public void R4_Replace_RejectsOtherFaultsWithTheBytesAsTheyWere()
    {
        byte[] broken = [.. "{\"text\":\""u8, 0xFF, .. "\""u8];
        byte[] noMask = [.. "{\"text\":\"今"u8, 0xFF, .. "\"}"u8];
        (GauRun run, JsonElement[] rejects) = gau.RunWithRejects(
            "fill - --utf8 replace", [.. broken, (byte)'\n', .. noMask, (byte)'\n']);
        run.Lines[0].Should().StartWith("{\"id\":0,\"error\":\"not JSON at byte ");
        rejects[0].GetProperty("base64").GetBytesFromBase64().Should().Equal(broken);
        run.Lines[1].Should().Be("{\"id\":1,\"error\":\"no [MASK] in the text\"}");
        rejects[1].GetProperty("replaced").GetBoolean().Should().BeTrue();
        rejects[1].GetProperty("text").GetString().Should().Be("今\uFFFD");
    }

    [Fact]
    public void R4_HalfASurrogatePairInAnEscape_IsRejectedEvenByReplace()
    {
        GauRun run = gau.Run("score - --utf8 replace", "{\"text\":\"\\ud83d\"}\n{\"text\":\"\\ude00今\"}\n");
        run.Lines.Should().HaveCount(2).And.OnlyContain(
            row => row.Contains("\"error\":\"a string holds half of a surrogate pair\""));
    }

    [Theory]
    [InlineData("reject")]
    [InlineData("replace")]
    public void R4_HeaderThatIsNotUtf8_HasNoColumns(string utf8)
    {
        GauRun run = gau.Run($"score - --format csv --utf8 {utf8}", [.. "id,te"u8, 0xFF, .. "xt\n1,今\n"u8]);
        run.Code.Should().Be(65);
        run.Error.Should().Be("error: standard input: line 1: not UTF-8 at byte 5 of the record\n");
    }

    [Theory]
    [InlineData("ignore", 2)]
    [InlineData("replace", 0)]
    public void R4_Option_IsOneOfTwoWords(string value, int code) =>
        gau.Run($"score - --utf8 {value}", "").Code.Should().Be(code);

    /// <summary>Any line gives one row, whatever its bytes; what is sound among them is scored as if alone.</summary>
    [Fact]
    public void R4_JsonLinesOfAnyBytes_GiveARowEach()
    {
        string[] good = gau.Run("score -", string.Concat(Enumerable.Range(0, 30).Select(Sound))).Lines;
        Gen<byte[]> noise = Gen.OneOf(
            Gen.Byte, Gen.Int[0, Structure.Length - 1].Select(i => Structure[i]), Gen.Byte[0x80, 0xFF]).Array[0, 30];
        Gen<byte[]> inText = noise.Select(bytes => RecordBytes.Line("jsonl", "x", bytes)[..^1]);
        Gen<byte[]> inRecord = Gen.Select(noise, Gen.Int[0, 12]).Select(
            (bytes, at) => (byte[])[.. "{\"text\":\"a\"}"u8[..at], .. bytes, .. "{\"text\":\"a\"}"u8[at..]]);
        Gen<byte[]> lines = Gen.OneOf(noise, inText, inRecord).Select(
            bytes => bytes.Where(b => b != (byte)'\n').ToArray());
        Gen.Select(lines.Array[1, 29], Gen.Bool).Sample(
            (bad, replace) =>
            {
                List<byte> input = [];
                List<string?> expected = [];
                for (int i = 0; i < bad.Length; i++)
                {
                    input.AddRange(Encoding.UTF8.GetBytes(Sound(i)));
                    expected.Add(good[i]);
                    input.AddRange([.. bad[i], (byte)'\n']);
                    if (!bad[i].AsSpan().Trim(" \t\r"u8).IsEmpty)
                        expected.Add(null);
                }
                GauRun run = gau.Run($"score - --utf8 {(replace ? "replace" : "reject")}", [.. input]);
                run.Code.Should().Be(0, run.Error);
                run.Lines.Should().HaveCount(expected.Count);
                for (int i = 0; i < expected.Count; i++)
                {
                    if (expected[i] is { } row)
                        run.Lines[i].Should().Be(row);
                    else
                        IsAnswerOrError(run.Lines[i]);
                }
            },
            iter: 150);
    }

    private static void IsAnswerOrError(string line)
    {
        JsonElement row = TinyGau.Parse(line);
        row.TryGetProperty("id", out _).Should().BeTrue();
        row.TryGetProperty("error", out _).Should().Be(!row.TryGetProperty("label", out _));
    }

    private static byte[] Bytes(string hex) => System.Convert.FromHexString(hex);

    private static string Sound(int i) => $"{{\"id\":\"s{i}\",\"text\":\"今天{i}\"}}\n";
}
