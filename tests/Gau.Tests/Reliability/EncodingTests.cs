using System.Text;
using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>R16: files in GBK and UTF-16, as Excel saves them, are read where that is asked for, and else named.</summary>
public sealed class EncodingTests(TinyGau gau) : IClassFixture<TinyGau>
{
    private const string Table = "id,text\r\n甲,今天\r\n乙,\"天气,很\"\"好\"\"。\n今天\"\r\n丙,很好\r\n";

    private static readonly Encoding Gbk = CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!;
    private static readonly Encoding Utf16 = Encoding.Unicode;

    [Fact]
    public void R22_TableOfExcelInGbk_IsScoredAsInUtf8()
    {
        string[] expected = gau.Run("score - --format csv", Table).Lines;
        expected.Should().HaveCount(3).And.OnlyContain(row => row.Contains("\"label\""));
        foreach (string command in (string[])["score", "embed --dimensions 2", "tokenize --input"])
        {
            gau.Run($"{command} - --format csv --encoding gb18030", Gbk.GetBytes(Table)).Output.Should().Be(
                gau.Run($"{command} - --format csv", Table).Output);
        }
        gau.Run("score - --format csv --encoding auto", Gbk.GetBytes(Table)).Lines.Should().Equal(expected);
        gau.Run("fill - --format txt --encoding gb18030", Gbk.GetBytes("今天[MASK]\n")).Output.Should().Be(
            gau.Run("fill - --format txt", "今天[MASK]\n").Output);
    }

    [Fact]
    public void R22_UnicodeTextOfExcel_IsScoredAsInUtf8()
    {
        string table = Table.Replace(',', '\t');
        byte[] bytes = [.. Utf16.GetPreamble(), .. Utf16.GetBytes(table)];
        GauRun run = gau.Run("score - --format tsv --quotes rfc --encoding utf-16", bytes);
        run.Lines.Should().Equal(gau.Run("score - --format tsv --quotes rfc", table).Lines);
        GauRun refused = gau.Run("score - --format tsv", bytes);
        refused.Code.Should().Be(65);
        refused.Error.Should().Be(
            "error: standard input: byte 0: these are UTF-16 data, as their byte order mark says: --encoding utf-16\n");
    }

    [Fact]
    public void R22_GbkWithoutTheOption_IsNamedInEveryRow()
    {
        (GauRun run, JsonElement[] rejects) = gau.RunWithRejects("score - --format csv", Gbk.GetBytes("id,text\n1,今天天气\n"));
        run.Output.Should().Be(
            "{\"id\":\"1\",\"error\":\"not UTF-8 at byte 2 of the record; it looks like GBK: --encoding gb18030\"}\n");
        rejects.Single().GetProperty("base64").GetBytesFromBase64().Should().Equal(Gbk.GetBytes("1,今天天气"));
        GauRun header = gau.Run("score - --format csv", Gbk.GetBytes("编号,正文\n1,今\n"));
        header.Code.Should().Be(65);
        header.Error.Should().Be(
            "error: standard input: line 1: not UTF-8 at byte 0 of the record; it looks like GBK: --encoding gb18030\n");
    }

    [Fact]
    public void R22_BytesOfNoCharacter_RejectTheirRecordWithItsPlaceInTheFile()
    {
        byte[] good = Gbk.GetBytes("甲,今天\n"), record = [.. Gbk.GetBytes("乙,天气"), 0xff], other = Gbk.GetBytes("丙\n");
        byte[] input = [.. "id,text\n"u8, .. good, .. record, (byte)'\n', .. other, .. good];
        (GauRun run, JsonElement[] rejects) = gau.RunWithRejects("score - --format csv --encoding gb18030", input);
        run.Lines.Should().HaveCount(4);
        run.Lines[1].Should().Be("{\"id\":\"乙\",\"error\":\"not GB18030 at byte 7 of the record\"}");
        rejects[0].GetProperty("base64").GetBytesFromBase64().Should().Equal(record);
        rejects.Select(r => (r.GetProperty("line").GetInt32(), r.GetProperty("offset").GetInt32())).Should().Equal(
            (3, 8 + good.Length), (4, 8 + good.Length + record.Length + 1));
        rejects[1].GetProperty("text").GetString().Should().Be("丙");
        GauRun replaced = gau.Run("score - --format csv --encoding gb18030 --utf8 replace", input);
        replaced.Lines[1].Should().StartWith("{\"id\":\"乙\",\"label\":").And.EndWith(",\"replaced\":true}");
    }

    [Fact]
    public void R22_Auto_IsSaidAndBelongsToTheJobAndIsTheSameForEveryShard()
    {
        string folder = gau.Path("mixed"), parts = gau.Path("mixed-parts"), whole = gau.Path("mixed.jsonl");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "a.csv"), Gbk.GetBytes(Table));
        File.WriteAllText(Path.Combine(folder, "b.csv"), Table);
        File.WriteAllBytes(Path.Combine(folder, "c.csv"), Utf16.GetBytes(Table));
        GauRun run = gau.Run($"score {folder} -o {whole} --encoding auto", "");
        run.Code.Should().Be(0, run.Error);
        run.Error.Split('\n')[..3].Should().Equal(
            $"note: {folder}/a.csv: taken as GB18030, as its beginning looks like it",
            $"note: {folder}/b.csv: taken as UTF-8, as its beginning looks like nothing else",
            $"note: {folder}/c.csv: taken as UTF-16 (little-endian), as its beginning looks like it");
        string[] answers = TinyGau.Answers(gau.Run("score - --format csv", Table));
        TinyGau.Answers(run with { Output = File.ReadAllText(whole) }).Should().Equal([.. answers, .. answers, .. answers]);
        for (int i = 0; i < 5; i++)
            gau.Run($"score {folder} -o {parts} --shard {i}/5 --encoding auto", "").Code.Should().Be(0);
        gau.Run($"merge {parts}", "").Output.Should().Be(File.ReadAllText(whole));
        File.Delete(Path.Combine(folder, "c.csv"));
        gau.Run($"score {folder} -o {parts}-2 --shard 1/2 --encoding auto", "").Code.Should().Be(0);
        GauRun other = gau.Run($"score {folder} -o {parts}-2 --shard 1/2 --resume --encoding gb18030", "");
        other.Code.Should().Be(78);
        other.Error.Should().Contain("encoding of input 2: was 'UTF-8', is 'GB18030'");
    }

    [Theory]
    [InlineData("score in.parquet --encoding gb18030", "--encoding is for files of JSON Lines, CSV, TSV and text lines")]
    [InlineData("fill [MASK] --encoding gb18030", "--encoding is for files of JSON Lines, CSV, TSV and text lines")]
    [InlineData("tokenize 今 --encoding utf-8", "--encoding is for files of JSON Lines, CSV, TSV and text lines")]
    [InlineData("eval - --clue-task tnews --encoding gb18030", "--encoding is for files of JSON Lines, CSV, TSV and text lines")]
    [InlineData("score - --encoding gbk", "--encoding: 'gbk' is none of utf-8, gb18030, utf-16, auto")]
    [InlineData("score - --bom", "--bom is for results in CSV or TSV: --output-format csv")]
    [InlineData("score - -o out.parquet --bom", "--bom is for results in CSV or TSV: --output-format csv")]
    public void R22_OptionWithoutEffect_IsRefused(string command, string error)
    {
        File.WriteAllText(gau.Path("in.parquet"), "");
        GauRun run = gau.Run(command.Replace("in.parquet", gau.Path("in.parquet"), StringComparison.Ordinal), "");
        run.Code.Should().Be(2);
        run.Error.Should().Contain(error);
    }

    [Fact]
    public void R22_Eval_ReadsGbk() =>
        gau.Run("eval - --format csv --labels label --encoding gb18030 --json", Gbk.GetBytes("text,label\n今天,a\n"))
            .Output.Should().Contain("\"records\":1").And.Contain("\"rejected\":0");

    [Theory]
    [InlineData("csv")]
    [InlineData("tsv.gz")]
    public void R22_ByteOrderMark_StandsOnceBeforeTheHeader(string extension)
    {
        string plain = gau.Path($"plain.{extension}"), marked = gau.Path($"marked.{extension}");
        string parts = gau.Path($"parts.{extension}"), merged = gau.Path($"merged.{extension}");
        string kind = extension == "csv" ? "csv" : "tsv --output-compression gzip";
        File.WriteAllText(gau.Path("table.csv"), Table);
        string score = $"score {gau.Path("table.csv")}";
        gau.Run($"{score} -o {plain}", "").Code.Should().Be(0);
        gau.Run($"{score} -o {marked} --bom", "").Code.Should().Be(0);
        Content(marked).Should().Equal([0xef, 0xbb, 0xbf, .. Content(plain)]);
        for (int i = 0; i < 3; i++)
            gau.Run($"{score} -o {parts} --bom --shard {i}/3 --output-format {kind}", "").Code.Should().Be(0);
        gau.Run($"merge {parts} -o {merged}", "").Code.Should().Be(0);
        File.ReadAllBytes(merged).Should().Equal(File.ReadAllBytes(marked));
        gau.Run($"compare {plain} {marked} --tolerance 0", "").Code.Should().Be(0);
        gau.Run($"{score} -o {marked} --resume --bom", "").Code.Should().Be(0);
        GauRun other = gau.Run($"{score} -o {parts} --shard 0/3 --resume --output-format {kind}", "");
        other.Code.Should().Be(78);
        other.Error.Should().Contain("byte order mark: was 'yes', is 'no'");
    }

    private static byte[] Content(string path)
    {
        using Stream file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal)
            ? new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Decompress)
            : file;
        using MemoryStream bytes = new();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }
}
