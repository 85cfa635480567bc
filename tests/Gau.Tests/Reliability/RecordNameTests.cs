using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>R14: quotes swallow no rows. R15: no record has the name of another.</summary>
public sealed class RecordNameTests(TinyGau gau) : IClassFixture<TinyGau>
{
    private const string Unquoted = "id\ttext\n1\t\"今天\n2\t天气\n3\t很好\"\n";

    [Fact]
    public void R14_TextsThatBeginWithQuotes_LoseNoRowAndTheChoiceIsSaid()
    {
        const string Why = "standard input: quotes at the start of fields are taken as plain characters (none), as every "
            + "line has the header's 2 fields and no quote is doubled inside of others; otherwise: --quotes rfc";
        GauRun run = gau.Run("score - --format tsv", Unquoted);
        run.Lines.Should().HaveCount(3).And.OnlyContain(row => row.Contains("\"label\""));
        run.Error.Should().StartWith($"note: {Why}\n");
        GauRun told = gau.Run("score - --format tsv --json", Unquoted);
        told.Error.Should().Contain("{\"note\":\"standard input: quotes at the start of fields");
        gau.Run("score - --format tsv --quotes none", Unquoted).Should().Match<GauRun>(
            same => same.Output == run.Output && !same.Error.Contains("note", StringComparison.Ordinal));
        gau.Run("score - --format tsv --quotes rfc", Unquoted).Lines.Should().ContainSingle();
        gau.Run("tokenize --input - --format tsv", Unquoted).Lines.Should().HaveCount(3);
        gau.Run("eval - --format tsv --labels label --json", "text\tlabel\n\"今\ta\n天\ta\n气\"\tb\n").Output.Should().Contain(
            "\"records\":3");
    }

    [Fact]
    public void R14_Quotes_AreTheJobs()
    {
        string input = gau.Path("quotes.tsv"), parts = gau.Path("parts");
        File.WriteAllText(input, Unquoted);
        string[] rows = [.. Enumerable.Range(0, 3).SelectMany(i =>
        {
            gau.Run($"score {input} --shard {i}/3 -o {parts}", "").Code.Should().Be(0);
            return File.ReadAllLines(Path.Combine(parts, $"part-0000{i}-of-00003.jsonl"));
        })];
        rows.Should().Equal(gau.Run("score - --format tsv", Unquoted).Lines);
        GauRun other = gau.Run($"score {input} --shard 1/3 -o {parts} --resume --quotes rfc", "");
        other.Code.Should().Be(78);
        other.Error.Should().Contain("quotes of input 1: was 'None', is 'Rfc'");
        gau.Run($"score {input} --shard 1/3 -o {parts} --resume --quotes none", "").Code.Should().Be(0);
        GauRun ids = gau.Run($"score {input} --shard 1/3 -o {parts} --resume --id text", "");
        ids.Code.Should().Be(78);
    }

    [Theory]
    [InlineData("score - --quotes rfc", "--quotes is for CSV and TSV")]
    [InlineData("embed - --format txt --quotes none", "--quotes is for CSV and TSV")]
    [InlineData("tokenize 今 --quotes auto", "--quotes is for CSV and TSV")]
    [InlineData("score - --format csv --quotes double", "--quotes: 'double' is none of auto, rfc, none")]
    [InlineData("score - --format txt --id name", "--id: these inputs have no fields to be named")]
    [InlineData("score - --format txt --keep-fields", "--keep-fields: these inputs have no fields to be named")]
    public void R14_OptionWithoutEffect_IsRefused(string command, string error)
    {
        GauRun run = gau.Run(command, "");
        run.Code.Should().Be(2);
        run.Error.Should().Contain(error);
    }

    [Fact]
    public void R14_ResultsInTsv_AreReadAgain()
    {
        string results = gau.Path("results.tsv");
        gau.Run($"score - --keep-fields -o {results} --force", "{\"id\":\"a\\n\\\"b\",\"text\":\"今天\",\"k\":\"x\"}\n{\"id\":\"c\",\"text\":\"天\"}\n")
            .Code.Should().Be(0);
        GauRun again = gau.Run($"score {results} --text label", "");
        again.Lines.Should().HaveCount(2);
        again.Lines[0].Should().StartWith("{\"id\":\"a\\n\\\"b\",\"label\"");
        gau.Run($"compare {results} {results}", "").Output.Should().Contain("identical");
    }

    [Fact]
    public void R15_BadRecords_HaveTheirOwnIdOrNoneInEveryFormat()
    {
        const string Lines = "{\"id\":1,\"text\":\"今\"}\n{\"id\":5,\"text\":5}\nx\n{\"text\":\"天\"}\n{\"id\":2,\"text\":\"气\"}\n";
        GauRun run = gau.Run("score -", Lines);
        run.Lines[1].Should().StartWith("{\"id\":5,\"error\":");
        run.Lines[2].Should().StartWith("{\"id\":null,\"record\":2,\"error\":");
        run.Lines[3].Should().StartWith("{\"id\":null,\"record\":3,\"label\":");
        string all = gau.Path("ids.jsonl"), table = gau.Path("ids.parquet"), csv = gau.Path("ids.csv");
        File.WriteAllText(all, run.Output);
        foreach (string path in (string[])[table, csv])
        {
            gau.Run($"score - -o {path} --force", Lines).Code.Should().Be(0);
            GauRun same = gau.Run($"compare {all} {path} --tolerance 0", "");
            same.Code.Should().Be(0, same.Error);
        }
        File.ReadAllLines(csv).Select(row => row.Split(',')[0]).Should().Equal("id", "1", "5", "", "", "2");
        (_, JsonElement[] rejects) = gau.RunWithRejects("score -", System.Text.Encoding.UTF8.GetBytes(Lines));
        rejects.Select(r => $"{r.GetProperty("id")} {r.GetProperty("record")}").Should().Equal("5 1", " 2");
        gau.Run("tokenize --input - --format jsonl", Lines).Lines[2].Should().Be(
            "{\"id\":null,\"record\":2,\"error\":\"not JSON at byte 0 of the record\"}");
    }

    [Fact]
    public void R15_ByteOrderMarkInTheMiddle_IsNamedAndCostsItsLine()
    {
        const string Part = "\uFEFF{\"id\":1,\"text\":\"今\"}\n{\"id\":2,\"text\":\"天\"}\n";
        GauRun run = gau.Run("score -", Part + Part.Replace("\"id\":1", "\"id\":3", StringComparison.Ordinal));
        run.Lines.Should().HaveCount(4);
        run.Lines[2].Should().Be("{\"id\":3,\"error\":\"a byte order mark at the start of the line\"}");
    }
}
