using FluentAssertions;
using GauRuntime.Cli.Tests.Reliability;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>The files that people have, from the command line: tables of every kind, JSON arrays, one bad file of many.</summary>
public sealed class TableInputTests(TinyGau gau) : IClassFixture<TinyGau>
{
    private const string Commas = "id,text\n1,第一条\n2,第二条\n";

    [Fact]
    public void Score_LaterFileAtFault_NamesEveryOneAndComputesNothing()
    {
        string folder = Folder("late");
        foreach (string part in (string[])["p1", "p2", "p3"])
            Write($"late/{part}.csv", Commas);
        Write("late/p4.csv", "id,txt\n4,今\n");
        Write("late/p5.parquet", "");
        string output = gau.Path("late.jsonl");
        GauRun run = gau.Run($"score {folder} -o {output}", "");
        run.Code.Should().Be(65);
        run.Error.Should().Be(
            $"error: 2 of 5 inputs cannot be read: {Path.Combine(folder, "p4.csv")}: line 1: no column 'text'; the columns are "
            + $"'id', 'txt'; {Path.Combine(folder, "p5.parquet")}: footer: no Parquet file, which is never empty: this has 0 "
            + "bytes, as if its writing had failed\n");
        gau.Files.Should().NotContain(name => name.StartsWith("late.jsonl", StringComparison.Ordinal));
        gau.Run($"score {folder}", "").Should().Match<GauRun>(r => r.Code == 65 && r.Output.Length == 0);
        gau.Run($"score {folder} --json", "").Error.Should().Contain("\"files\":[\"").And.Contain("p5.parquet\"]");
        gau.Run($"eval {folder} --labels label", "").Code.Should().Be(65);

        // What an interrupted run left is not lost by it.
        File.Delete(Path.Combine(folder, "p5.parquet"));
        Write("late/p4.csv", "id,text\n4,\"今\n");
        gau.Run($"score {folder} -o {output}", "").Code.Should().Be(65);
        string journal = File.ReadAllText(output + ".journal");
        Write("late/p4.csv", "id,txt\n4,今\n");
        gau.Run($"score {folder} -o {output} --resume", "").Code.Should().Be(65);
        File.ReadAllText(output + ".journal").Should().Be(journal);

        // Read again, it is another input, and that is said with its name.
        Write("late/p4.csv", "id,text\n4,今天天气\n");
        GauRun other = gau.Run($"score {folder} -o {output} --resume", "");
        other.Code.Should().Be(78);
        other.Error.Should().Contain($"size of input 4: was ").And.Contain($"that is '{Path.Combine(folder, "p4.csv")}, Csv'");
        Write("late/p4.csv", "id,text\n4,\"今\n");
        Write("late/p3.csv", Commas.Replace('2', '3'));
        File.SetLastWriteTimeUtc(Path.Combine(folder, "p3.csv"), DateTime.UtcNow.AddMinutes(1));
        other = gau.Run($"score {folder} -o {output} --resume", "");
        other.Code.Should().Be(78);
        other.Error.Should().Contain($"{Path.Combine(folder, "p3.csv")} was changed last");
    }

    [Theory]
    [InlineData("--format csv", "sep=;\r\nid;text\r\n1;第一条\r\n2;\"第二条\"\r\n")]
    [InlineData("--format csv --delimiter |", "id|text\n1|第一条\n2|第二条\n")]
    [InlineData("--format csv --delimiter \\t", "id\ttext\n1\t第一条\n2\t第二条\n")]
    [InlineData("--format csv --delimiter tab", "id\ttext\n1\t第一条\n2\t第二条\n")]
    [InlineData("--format csv --no-header --id 1 --text 2", "1,第一条\n2,第二条\n")]
    [InlineData("--format tsv --no-header --id 1 --text 2", "1\t第一条\n2\t第二条\n")]
    [InlineData("--format jsonl", "[{\"id\":\"1\",\"text\":\"第一条\",\"x\":NaN},\n{\"id\":\"2\",\"x\":1,\"x\":2,\"text\":\"第二条\"}]")]
    [InlineData("--format jsonl", "{\n  \"id\": \"1\",\n  \"text\": \"第一条\"\n}\n{\n  \"id\": \"2\",\n  \"text\": \"第二条\"\n}\n")]
    public void EveryCommand_TableOrJsonOfAnyKind_GivesTheRowsOfCommas(string options, string input)
    {
        foreach (string command in (string[])["score -", "embed -", "tokenize --input -"])
        {
            GauRun run = gau.Run($"{command} {options}", input);
            run.Code.Should().Be(0, run.Error);
            run.Output.Should().Be(gau.Run($"{command} --format csv", Commas).Output);
        }
    }

    [Theory]
    [InlineData("--format csv --no-header --text 1 --labels 2", "今,a\n天,b\n")]
    [InlineData("--format csv --delimiter | --labels label", "text|label\n今|a\n天|b\n")]
    [InlineData("--format csv --labels label", "sep=;\ntext;label\n今;a\n天;b\n")]
    [InlineData("--format jsonl --labels label", "[{\"text\":\"今\",\"label\":\"a\"},{\"text\":\"天\",\"label\":\"b\"}]")]
    public void Eval_TableOrJsonOfAnyKind_HasTheLabels(string options, string input) =>
        gau.Run($"eval - {options} --json", input).Output.Should().Contain("\"records\":2,\"compared\":2");

    [Theory]
    [InlineData("csv", "text,label\n今,a\n", "no column 'lable'; the columns are 'text', 'label'")]
    [InlineData("tsv", "text\tLable\n今\ta\n", "no column 'lable'; the columns are 'text', 'Lable'; is 'Lable' meant?")]
    public void Eval_TableWithoutTheLabel_IsMalformed(string format, string input, string error)
    {
        GauRun run = gau.Run($"eval - --format {format} --labels lable", input);
        run.Code.Should().Be(65);
        run.Error.Should().Contain(error);
    }

    [Theory]
    [InlineData("score - --delimiter ;", "--delimiter is for CSV, and no input is; --format csv says so")]
    [InlineData("embed - --format tsv --delimiter ;", "TSV has tabs; --format csv reads it with another delimiter")]
    [InlineData("score - --format csv --delimiter ;;", "--delimiter: ';;' is neither one character of ASCII")]
    [InlineData("score - --format csv --delimiter ；", "--delimiter: '；' is neither one character of ASCII")]
    [InlineData("score - --format csv --delimiter \"", "is neither one character of ASCII but a quote")]
    [InlineData("score - --no-header --text 2", "--no-header is for CSV and TSV, and no input is either")]
    [InlineData("fill [MASK] --no-header", "--no-header is for CSV and TSV, and no input is either")]
    [InlineData("fill [MASK] --delimiter ;", "--delimiter is for CSV, and no input is")]
    [InlineData("tokenize 今 --delimiter ;", "--delimiter is for CSV, and no input is")]
    [InlineData("eval - --labels label --delimiter ;", "--delimiter is for CSV, and no input is")]
    [InlineData("score - --format csv --no-header", "columns are called by their numbers from 1, as in --text 2: 'text' is none")]
    [InlineData("score - --format csv --no-header --text 2 --id name", "'name' is none")]
    [InlineData("score - --format csv --no-header --text 2 --pair b", "'b' is none")]
    [InlineData("eval - --format csv --no-header --text 2 --labels label", "'label' is none")]
    public void Option_WithoutEffectOrSense_IsAUsageError(string command, string error)
    {
        GauRun run = gau.Run(command, "");
        run.Code.Should().Be(2, run.Error);
        run.Error.Should().Contain(error);
    }

    [Fact]
    public void NoHeader_IsTheJobs()
    {
        string input = Write("table.csv", "1;2\n2;\"b\n"), output = gau.Path("table.jsonl");
        string run = $"score {input} -o {output} --text 2 --delimiter ;";
        gau.Run($"{run} --no-header", "").Code.Should().Be(65, "a quote never closes");
        GauRun named = gau.Run($"{run} --resume", "");
        named.Code.Should().Be(78);
        named.Error.Should().Contain("columns of CSV and TSV: was 'numbered', is 'named'");
        File.WriteAllText(input, "1;2\n2;\"b\"\n");
        gau.Run($"{run} --no-header --force", "").Code.Should().Be(0);
        File.ReadAllLines(output).Should().HaveCount(2);
    }

    [Fact]
    public void Resume_OtherInputs_NamesThem()
    {
        string a = Write("a.csv", Commas), b = Write("b.csv", "id,text\n3,\"今\n"), output = gau.Path("inputs.jsonl");
        gau.Run($"score {a} {b} -o {output}", "").Code.Should().Be(65, "a quote never closes");
        GauRun fewer = gau.Run($"score {a} -o {output} --resume", "");
        fewer.Code.Should().Be(78);
        fewer.Error.Should().Contain($"input 2, '{b}, Csv', is no longer there");
        GauRun more = gau.Run($"score {a} {b} {a} -o {output} --resume", "");
        more.Code.Should().Be(78);
        more.Error.Should().Contain($"input 3, '{a}, Csv', was not there");
    }

    [Fact]
    public void Score_CarriedFields_AreOneRowOfJson()
    {
        GauRun run = gau.Run(
            "score - --keep-fields", "[\n{\n\"id\": 1,\n\"text\": \"今\",\n\"meta\": {\n\"a\": [1,\nNaN]\n},\n\"x\": 1, \"x\": 2\n}\n]");
        run.Code.Should().Be(0, run.Error);
        run.Lines.Should().ContainSingle().Which.Should().EndWith("\"fields\":{\"meta\":{\"a\":[1,null]},\"x\":2}}");
        gau.Run("score - --format csv --no-header --text 2 --keep-fields", "a,今\n").Lines.Single().Should().EndWith("\"fields\":{\"1\":\"a\"}}");
    }

    [Fact]
    public void Merge_SharesOfAJsonArray_GiveTheRowsOfOneRun()
    {
        string array = Write("array.json", "[" + string.Join(",\n", Enumerable.Range(0, 20).Select(i => $"{{\"id\":{i},\"text\":\"第{i}条\"}}")) + "]");
        string lines = Write("lines.jsonl", "{\"id\":20,\"text\":\"a\"}\n{\"id\":21,\"text\":\"b\"}\n"), parts = gau.Path("array-parts");
        for (int i = 0; i < 3; i++)
            gau.Run($"score {array} {lines} --shard {i}/3 -o {parts}", "").Code.Should().Be(0);
        gau.Run($"merge {parts}", "").Output.Should().Be(gau.Run($"score {array} {lines}", "").Output);
    }

    [Theory]
    [InlineData("book.xlsx", "PK\u0003\u0004\u0014\0xl/workbook.xml", "this is an Excel workbook (xlsx): save the sheet as CSV (UTF-8), and name that")]
    [InlineData("old.csv", "\u00d0\u00cf\u0011\u00e0", "this is an old Excel or Office file (xls, doc)")]
    [InlineData("table.csv.parquet", "a,b\n", "this looks like text")]
    public void Score_FileThatIsNoText_IsNamed(string name, string content, string expected)
    {
        string path = gau.Path(name);
        File.WriteAllBytes(path, System.Text.Encoding.Latin1.GetBytes(content));
        GauRun run = gau.Run($"score {path}", "");
        run.Code.Should().Be(65);
        run.Error.Should().StartWith($"error: {path}: ").And.Contain(expected);
        run.Error.TrimEnd().Should().NotContain("\n");
    }

    private string Folder(string name) => Directory.CreateDirectory(gau.Path(name)).FullName;

    private string Write(string name, string content)
    {
        File.WriteAllText(gau.Path(name), content);
        return gau.Path(name);
    }
}
